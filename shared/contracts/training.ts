import { sessionContract } from './training-sessions.ts';
import { studioContract } from './training-studio.ts';

export {
  algorithms,
  type RecordedConfig,
  recordedConfig,
  type TrainingConfig,
  trainingConfig,
} from './training-config.ts';
export { type PpoHyperparameters, ppoHyperparameters } from './training-hyperparameters.ts';
export * from './training-shapes.ts';

/** Everything about trainings; two functions serve it. */
export const trainingContract = { ...studioContract, ...sessionContract } as const;
