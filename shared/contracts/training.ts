import { compareContract } from './training-compare.ts';
import { sessionContract } from './training-sessions.ts';
import { startContract } from './training-start.ts';
import { sweepContract } from './training-sweeps.ts';

export {
  algorithms,
  type RecordedConfig,
  recordedConfig,
  type TrainingConfig,
  trainingConfig,
} from './training-config.ts';
export { type PpoHyperparameters, ppoHyperparameters } from './training-hyperparameters.ts';
export * from './training-shapes.ts';

/** Everything about trainings; what there can be, and what there is. */
export const trainingContract = {
  ...startContract,
  ...compareContract,
  ...sweepContract,
  ...sessionContract,
} as const;
