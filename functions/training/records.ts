import type { Caller } from '#shared/contracts/operation.ts';
import { type Listing, paginate } from '#shared/http/paging.ts';
import type { TrainingJob } from '#shared/jobs/job.ts';
import {
  type CheckpointRecord,
  checkpoints,
  type EvaluationRecord,
  evaluations,
  recordsKey,
} from '#shared/jobs/training-records.ts';
import { startAfter } from '#shared/table/entity.ts';
import { readTraining } from './read.ts';
import type { TrainingWorld } from './world.ts';

type Paging = Listing['query'];

export async function listEvaluations(world: TrainingWorld, caller: Caller, job_id: string, query: Paging) {
  const job = await readTraining(world, caller, job_id);
  const listing = { caller, query, filters: { job_id, of: 'evaluations' } };
  const page = await paginate<EvaluationRecord>(
    listing,
    (start, limit) =>
      world.table.query(evaluations, { pk: recordsKey(job), prefix: 'evaluation#', limit, start }),
    { keyOf: (one) => startAfter(evaluations, one) },
  );
  return { ...page, items: page.items.map(({ job_id: _job, ...shown }) => shown) };
}

/** Those that are kept for themselves, and the last one, from which a training goes on. */
export async function listCheckpoints(world: TrainingWorld, caller: Caller, job_id: string, query: Paging) {
  const job = await readTraining(world, caller, job_id);
  const listing = { caller, query, filters: { job_id, of: 'checkpoints' } };
  const now = world.now().getTime() / 1000;
  const page = await paginate<CheckpointRecord>(
    listing,
    (start, limit) =>
      world.table.query(checkpoints, { pk: recordsKey(job), prefix: 'checkpoint#', limit, start }),
    // what has expired goes some time later
    { keep: ({ expires_at }) => expires_at > now, keyOf: (one) => startAfter(checkpoints, one) },
  );
  const kept = page.items.map((one) => shown(one, job));
  return { ...page, items: page.has_next ? kept : withLast(kept, job) };
}

type Shown = ReturnType<typeof shown>;
type Reason = CheckpointRecord['reasons'][number] | 'last';

const shown = (
  { step, reasons, size_bytes, mean_reward, at, expires_at }: CheckpointRecord,
  { checkpoint_step }: TrainingJob,
) => ({
  step,
  reasons: [...reasons, ...(step === checkpoint_step ? (['last'] as const) : [])] as Reason[],
  size_bytes: size_bytes as number | null,
  mean_reward,
  at: at as string | null,
  expires_at: step === checkpoint_step ? null : new Date(expires_at * 1000).toISOString(),
});

/** The last one is there also when it was not kept for itself; nothing is after it. */
function withLast(kept: Shown[], { checkpoint_step }: TrainingJob): Shown[] {
  if (checkpoint_step === 0 || kept.some(({ step }) => step === checkpoint_step)) return kept;
  const last: Shown = {
    step: checkpoint_step,
    reasons: ['last'],
    size_bytes: null,
    mean_reward: null,
    at: null,
    expires_at: null,
  };
  return [...kept, last];
}
