import type { ObjectReader } from '#shared/aws/objects.ts';
import type { StartWorld } from '#shared/jobs/start-training.ts';

/** What the use-cases of this function work with. */
export interface TrainingWorld extends StartWorld {
  readonly objects: ObjectReader;
}
