import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { claimNamed } from '#functions/tasks/trainer/claim.ts';
import { isFinal } from '#shared/domain/jobs/states.ts';
import { advance, type JobWorld } from '#shared/jobs/advance.ts';
import { returnFromDeadWorker } from '#shared/jobs/dead-workers.ts';
import { queued, type TrainingJob } from '#shared/jobs/job.ts';
import { cancel, interrupt, redrive, renewLease, unlessChanged } from '#shared/jobs/lifecycle.ts';
import type { Table } from '#shared/table/table.ts';
import { aTable } from '#tests/support/table.ts';
import { jobsOf } from '#tests/support/trainer.ts';

const { table, stop } = await aTable();
afterAll(stop);

/** The table, each of whose calls waits for its turn in an order that fast-check chooses. */
const scheduled = (scheduler: fc.Scheduler): Table =>
  ({
    ...table,
    get: async (...args: Parameters<Table['get']>) => {
      await scheduler.schedule(Promise.resolve(), 'get');
      return table.get(...args);
    },
    write: async (...writes) => {
      await scheduler.schedule(Promise.resolve(), 'write');
      return table.write(...writes);
    },
  }) as Table;

const lastStep = 3;
/** A worker as the trainer is: claims, writes while the job is its own, ends it; may die anywhere. */
async function worker(
  world: JobWorld,
  job_id: string,
  name: string,
  lifetime: number,
): Promise<string | undefined> {
  let writes = 0;
  let mine: TrainingJob | undefined = await claimNamed(world, job_id, name);
  while (mine) {
    if (++writes > lifetime) return undefined; // killed: says nothing, writes nothing
    const seen: TrainingJob = mine;
    const { step } = seen.progress;
    if (step === lastStep) {
      const done = await unlessChanged(() =>
        advance(world, seen, { state: 'succeeded', weights_hash: name }),
      );
      return done ? name : undefined;
    }
    mine = await unlessChanged(() =>
      step % 2 === 0
        ? advance(world, seen, { progress: { step: step + 1, fps: 1 } }, [
            { type: 'training.metrics', data: { step: step + 1, by: name } },
          ])
        : renewLease(world, seen).then((renewed) =>
            advance(world, renewed, { progress: { step: step + 1, fps: 1 }, deaths: 0 }),
          ),
    );
  }
  return undefined;
}

/** A reaper that takes the running worker for dead, rightly or not. */
async function reaper(world: JobWorld, job_id: string): Promise<void> {
  const job = await world.table.get(queued.training, { job_id }, { consistent: true });
  if (job?.state === 'running') await returnFromDeadWorker(world, job);
}
/** A dispatcher that counts a launch, as it does before it starts a task. */
async function dispatcher(world: JobWorld, job_id: string): Promise<void> {
  const job = await world.table.get(queued.training, { job_id }, { consistent: true });
  if (job && !isFinal(job.state))
    await unlessChanged(() =>
      world.table.write(world.table.replace(queued.training, job, { ...job, launch: job.launch + 1 })),
    );
}
async function stopping(world: JobWorld, job_id: string): Promise<void> {
  const job = await world.table.get(queued.training, { job_id }, { consistent: true });
  if (job?.state === 'running') await unlessChanged(() => interrupt(world, job));
}

const actor = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('worker' as const),
      lifetime: fc.constantFrom(0, 1, 2, 3, 9, 9),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('reaper' as const), lifetime: fc.constant(0) }) },
  fc.record({ what: fc.constant('dispatcher' as const), lifetime: fc.constant(0) }),
  fc.record({ what: fc.constant('stopping' as const), lifetime: fc.constant(0) }),
  fc.record({ what: fc.constant('cancel' as const), lifetime: fc.constant(0) }),
);
const acts = {
  reaper,
  dispatcher,
  stopping,
  cancel: async (world: JobWorld, job_id: string) => void (await cancel(world, job_id)),
};

test('however workers, reapers, dispatchers and cancellations interleave, a job has one end and its events no gap', async () => {
  const ends = { succeeded: 0, cancelled: 0, failed: 0, waiting: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(actor, { minLength: 2, maxLength: 6 }),
      async (scheduler, actors) => {
        const world: JobWorld = { table: scheduled(scheduler), now: () => new Date(), events_days: 30 };
        const { create, read, eventsOf } = jobsOf({ ...world, table });
        const { job_id } = await create();
        const running = actors.map(({ what, lifetime }, index) =>
          what === 'worker'
            ? worker(world, job_id, `w${index}`, lifetime)
            : acts[what](world, job_id).then(() => undefined),
        );
        // an actor that is in the engine has nothing scheduled: only all of them ending ends the run
        await scheduler.waitFor(Promise.all(running));
        const results = (await Promise.all(running)).filter((winner) => winner !== undefined);

        const [job, events] = [await read(job_id), await eventsOf(job_id)];
        expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
        expect(events).toHaveLength(job.event_seq);
        expect(results).toHaveLength(job.state === 'succeeded' ? 1 : 0);
        expect(job.weights_hash).toBe(results[0] ?? null);
        const finals = events.filter(({ data }) =>
          ['completed', 'cancelled', 'failed'].includes(String(data['status'])),
        );
        expect(finals).toHaveLength(isFinal(job.state) ? 1 : 0);
        if (isFinal(job.state)) expect(events.at(-1)).toEqual(finals[0]);
        // each attempt tells that it runs, and no step is told twice
        expect(events.filter(({ data }) => data['status'] === 'running')).toHaveLength(job.attempt);
        const steps = events.map(({ data }) => data['step']).filter((step) => step !== undefined);
        expect(new Set(steps).size).toBe(steps.length);
        if (job.state === 'failed') expect(job.deaths).toBe(3);
        if (job.state === 'succeeded' || job.state === 'cancelled' || job.state === 'failed')
          ends[job.state]++;
        else ends.waiting++;
        if (job.state === 'failed')
          expect(await redrive({ ...world, table }, job)).toMatchObject({ state: 'queued' });
      },
    ),
    { seed: 11, numRuns: 60 },
  );
  // the interleavings reach every end
  expect(Math.min(ends.succeeded, ends.cancelled, ends.waiting)).toBeGreaterThan(3);
});
