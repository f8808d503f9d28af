import type { Caller } from '#shared/contracts/operation.ts';
import type { TrainingConfig } from '#shared/contracts/training.ts';
import * as jobs from '#shared/jobs/start-training.ts';
import { resolved } from './rules.ts';
import type { TrainingWorld } from './world.ts';

/** Queues a training, if there can be one with these settings. */
export function startTraining(
  world: TrainingWorld,
  caller: Caller,
  config: TrainingConfig,
  key: string | undefined,
) {
  const request = { operation: 'training.start', key, body: config };
  return jobs.startTraining(world, caller, request, resolved(config));
}
