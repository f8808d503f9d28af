import type { Caller } from '#shared/contracts/operation.ts';
import type { TrainingChanges } from '#shared/contracts/training-config.ts';
import { isFinal } from '#shared/domain/jobs/states.ts';
import { conflict, forbidden } from '#shared/errors.ts';
import type { TrainingJob } from '#shared/jobs/job.ts';
import { cancel, pause, redrive, resume } from '#shared/jobs/lifecycle.ts';
import { refuseTooMany, startTraining } from '#shared/jobs/start-training.ts';
import { viewState } from '#shared/jobs/training-view.ts';
import { readTraining } from './read.ts';
import type { TrainingWorld } from './world.ts';

const hasEnded = () => conflict('training.ended', 'This training has already ended.');

/** Assistants watch the trainings of their classes; they stop their own only. */
async function steered(world: TrainingWorld, caller: Caller, job_id: string): Promise<TrainingJob> {
  const job = await readTraining(world, caller, job_id);
  if (caller.role === 'assistant' && job.owner_id !== caller.user_id)
    throw forbidden('training.not_own', 'Assistants pause and cancel only their own trainings.');
  return job;
}

export async function cancelTraining(world: TrainingWorld, caller: Caller, job_id: string) {
  await steered(world, caller, job_id);
  const job = await cancel(world, job_id);
  if (job?.kind !== 'training' || job.state !== 'cancelled') throw hasEnded();
  return viewState(world, job);
}

export async function pauseTraining(world: TrainingWorld, caller: Caller, job_id: string) {
  await steered(world, caller, job_id);
  const job = await pause(world, job_id);
  if (!job || isFinal(job.state)) throw hasEnded();
  return viewState(world, job);
}

/** A paused training counts for its owner's limit again. */
export async function resumeTraining(world: TrainingWorld, caller: Caller, job_id: string) {
  const { state, owner_id } = await steered(world, caller, job_id);
  if (state === 'paused') await refuseTooMany(world, { user_id: owner_id });
  const job = await resume(world, job_id);
  if (!job || isFinal(job.state)) throw hasEnded();
  return viewState(world, job);
}

/** The caller's own training with the settings of one that they may see. */
export async function cloneTraining(
  world: TrainingWorld,
  caller: Caller,
  job_id: string,
  changes: TrainingChanges,
  key: string | undefined,
) {
  const { config } = await readTraining(world, caller, job_id);
  const { seed: _seed, class_id, ...settings } = config;
  const { class_id: given = class_id, ...changed } = changes;
  const wanted = { ...settings, ...defined(changed), ...(typeof given === 'string' && { class_id: given }) };
  const request = { operation: 'training.clone', key, body: { job_id, changes } };
  return startTraining(world, caller, request, wanted);
}

const defined = <T extends object>(values: T) =>
  // what is left has the types it had
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

export async function redriveTraining(world: TrainingWorld, caller: Caller, job_id: string) {
  const job = await redrive(world, await readTraining(world, caller, job_id));
  if (!job) throw conflict('training.not_failed', 'Only a failed training can be run once more.');
  return viewState(world, job);
}
