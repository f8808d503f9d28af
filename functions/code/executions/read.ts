import type { ExecutionResult } from '#shared/contracts/code.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import { isWaiting, statusOf } from '#shared/domain/jobs/states.ts';
import { conflict, notFound } from '#shared/errors.ts';
import { executionInputs, executionResults } from '#shared/jobs/execution.ts';
import { type JobOf, jobs } from '#shared/jobs/job.ts';
import { cancel } from '#shared/jobs/lifecycle.ts';
import { type StoredOutcome, shownResults, totals } from '#shared/jobs/results.ts';
import { queuePosition } from '../queue.ts';
import type { CodeWorld } from '../world.ts';

/** One's own run with its result; another's does not exist. */
export async function readExecution(
  world: CodeWorld,
  caller: Caller,
  job_id: string,
): Promise<ExecutionResult> {
  const [job, input, result] = await world.table.getRaw([
    jobs.key({ job_id }),
    executionInputs.key({ job_id }),
    executionResults.key({ job_id }),
  ]);
  return view(world, own(job && jobs.parse(job), caller), {
    input: input && executionInputs.parse(input),
    result: result && executionResults.parse(result),
  });
}

function own(job: ReturnType<typeof jobs.parse> | undefined, caller: Caller): JobOf<'execution'> {
  if (job?.kind !== 'execution' || job.owner_id !== caller.user_id) throw notFound('execution');
  return job;
}

async function view(
  world: CodeWorld,
  job: JobOf<'execution'>,
  found: {
    readonly input: ReturnType<typeof executionInputs.parse> | undefined;
    readonly result: ReturnType<typeof executionResults.parse> | undefined;
  },
): Promise<ExecutionResult> {
  const outcomes = job.state === 'succeeded' ? (found.result?.outcomes ?? []) : [];
  const results = outcomes.length > 0 && found.input ? resultsOf(found.input, outcomes) : [];
  return {
    execution_id: job.job_id,
    status: statusOf(job),
    language: job.language,
    output: outcomes[0]?.output ?? '',
    error: outcomes.find(({ error }) => error !== null)?.error ?? null,
    test_results: results,
    execution_time_ms: outcomes.length > 0 ? totals(outcomes).execution_time_ms : null,
    memory_usage_kb: outcomes.length > 0 ? totals(outcomes).memory_usage_kb : null,
    queue_position: isWaiting(job.state) ? await queuePosition(world, job) : null,
    last_seq: job.event_seq,
    error_code: job.error_code,
    created_at: job.created_at,
    started_at: job.started_at,
    ended_at: job.ended_at,
  };
}

/** Of a run that expects nothing there is nothing to show as expected. */
const resultsOf = (
  { language, tests, free }: ReturnType<typeof executionInputs.parse>,
  outcomes: readonly StoredOutcome[],
) =>
  // who runs their own tests sees all of them
  shownResults(language, tests, outcomes, 'everything').map((shown, index) =>
    free.includes(index) ? { ...shown, expected_output: null } : shown,
  );

export async function cancelExecution(
  world: CodeWorld,
  caller: Caller,
  job_id: string,
): Promise<ExecutionResult> {
  own(await world.table.get(jobs, { job_id }, { consistent: true }), caller);
  const job = await cancel(world, job_id);
  if (job?.state !== 'cancelled') throw conflict('execution.ended', 'This run has already ended.');
  return readExecution(world, caller, job_id);
}
