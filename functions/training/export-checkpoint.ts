import type { Caller } from '#shared/contracts/operation.ts';
import type { TrainingFile } from '#shared/contracts/training.ts';
import { DomainError, notFound } from '#shared/errors.ts';
import { checkpointKey } from '#shared/jobs/artifacts.ts';
import { splitCheckpoint } from '#shared/jobs/checkpoint-object.ts';
import type { TrainingJob } from '#shared/jobs/job.ts';
import { checkpoints } from '#shared/jobs/training-records.ts';
import { keptCheckpointKey } from '#shared/jobs/training-series.ts';
import { byUrl, inReply } from './files.ts';
import { readTraining } from './read.ts';
import type { TrainingWorld } from './world.ts';

const named = ({ job_id }: TrainingJob, of: string | number) => ({
  file_name: `${job_id}-${of}.safetensors`,
  media_type: 'application/octet-stream',
});

/** A checkpoint that is kept for itself from where it lies, the last one else out of what resuming goes on from. */
export async function exportCheckpoint(
  world: TrainingWorld,
  caller: Caller,
  { session_id, step }: { readonly session_id: string; readonly step: number },
): Promise<TrainingFile> {
  const job = await readTraining(world, caller, session_id);
  const kept = await world.table.get(checkpoints, { job_id: session_id, step }, { consistent: true });
  if (kept && kept.expires_at * 1000 > world.now().getTime())
    return byUrl(world, named(job, step), [keptCheckpointKey(job, step)]);
  if (step !== job.checkpoint_step) throw notFound('checkpoint');
  return last(world, job);
}

/** It is overwritten while the training runs: its step may be a later one, and its name claims none. */
async function last({ objects }: TrainingWorld, job: TrainingJob): Promise<TrainingFile> {
  const { state } = splitCheckpoint(await objects.get(checkpointKey(job)));
  const file = inReply(named(job, 'last'), state);
  if (file) return file;
  throw new DomainError(
    'too_large',
    'checkpoint.too_large',
    'This checkpoint is too large for a reply; those of save_frequency can be downloaded.',
  );
}
