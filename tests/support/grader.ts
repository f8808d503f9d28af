/** Graders in this process: the task's own loop with a queue, over the table of a school. */
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { createDoorbell } from '#functions/tasks/grader/doorbell.ts';
import { runGrader } from '#functions/tasks/grader/grader.ts';
import { work } from '#functions/tasks/grader/work.ts';
import type { Engine, GraderWorld } from '#functions/tasks/grader/world.ts';
import { sqs } from '#shared/aws/clients.ts';
import type { Json, TestOutcome, Verdict } from '#shared/domain/grading/types.ts';
import type { JobWorld } from '#shared/jobs/advance.ts';
import { waitingJobs } from '#shared/jobs/lifecycle.ts';
import { events, eventsKey } from '#shared/realtime/event.ts';
import type { Table } from '#shared/table/table.ts';

const queueUrl = (): string => process.env['GRADING_QUEUE_URL'] ?? '';

export const sendRing = async (body: string): Promise<void> => {
  await sqs().send(new SendMessageCommand({ QueueUrl: queueUrl(), MessageBody: body }));
};

/**
 * Rings for each job that comes to wait, as the projector does; `twice` says for which it rings twice.
 */
export function startRinging(table: Table, twice: () => boolean = () => false) {
  const rung = new Set<string>();
  let ended = false;
  const ring = async (): Promise<void> => {
    while (!ended) {
      for (const job of await waitingJobs({ table }, 'grading', 1_000).catch(() => [])) {
        const change = `${job.job_id} ${job.state} ${job.queued_at}`;
        if (rung.has(change)) continue;
        const body = JSON.stringify({ job_id: job.job_id });
        const sent = await Promise.allSettled([sendRing(body), ...(twice() ? [sendRing(body)] : [])]);
        if (sent.some(({ status }) => status === 'fulfilled')) rung.add(change);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const ringing = ring();
  return {
    stop: () => {
      ended = true;
      return ringing;
    },
  };
}

export const jobWorld = (table: Table): JobWorld => ({ table, now: () => new Date(), events_days: 30 });

/** A grader with this engine; `end` is SIGTERM, `halt` the end of its time to finish. */
export function startGrader(
  table: Table,
  engine: Engine,
  { slots = 1, worker = `grader-${Math.random()}` }: { slots?: number; worker?: string } = {},
) {
  const [ending, stopping] = [new AbortController(), new AbortController()];
  const world: GraderWorld = {
    ...jobWorld(table),
    engine,
    ending: ending.signal,
    stopping: stopping.signal,
  };
  const ended = runGrader({ world, worker, slots, doorbell: createDoorbell(sqs(), queueUrl()), work });
  return {
    worker,
    world,
    end: () => {
      ending.abort();
      return ended;
    },
    halt: () => {
      stopping.abort();
      return ended;
    },
  };
}

export const outcome = (verdict: Verdict, more: Partial<TestOutcome> = {}): TestOutcome => ({
  verdict,
  output: '',
  error: null,
  execution_time_ms: 1,
  memory_usage_kb: 1_000,
  ...more,
});

/** An engine that runs nothing: `answer` says what a test of some code comes to. */
export function scripted(
  answer: (code: string, test: { readonly name: string; readonly expected: Json }) => Verdict,
): Engine & { readonly runs: string[]; before: (signal: AbortSignal | undefined) => Promise<void> } {
  const runs: string[] = [];
  const engine = {
    version: 'scripted 1',
    runs,
    before: async (_signal: AbortSignal | undefined): Promise<void> => undefined,
    grade: async (
      { code }: { readonly code: string },
      tests: Parameters<Engine['grade']>[1],
      options: Parameters<Engine['grade']>[2] = {},
    ) => {
      runs.push(code);
      await engine.before(options.signal);
      options.signal?.throwIfAborted();
      return tests.map((test) => outcome(answer(code, test)));
    },
  };
  return engine;
}

export const eventsOf = (table: Table, job_id: string) =>
  table.queryAll(events, { pk: eventsKey(`job:${job_id}`) });

/** Asks again and again until it holds; a loaded machine may take its time. */
export async function until<T>(ask: () => Promise<T>, holds: (value: T) => boolean, ms = 45_000): Promise<T> {
  const since = performance.now();
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    if (performance.now() - since > ms)
      throw new Error(`it did not come to hold within ${ms} ms: ${JSON.stringify(value)?.slice(0, 500)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
