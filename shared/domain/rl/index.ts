/**
 * Reinforcement learning in plain TypeScript and float64, without dependencies, I/O or clock: the
 * reference engine. Conventions are Gymnasium's for environments and Stable-Baselines3's for PPO.
 */
export {
  algorithmsFor,
  describeEnvironments,
  type EnvironmentDescription,
  type SpaceDescription,
} from './environments/describe.ts';
export {
  type DrivenStep,
  driveEnvironment,
  type EnvironmentDriver,
  type Observation,
  type ScriptedDraws,
} from './environments/driver.ts';
export type {
  Environment,
  EnvironmentInfo,
  EnvironmentModel,
  EnvironmentState,
  InternalState,
  RandomSource,
  StepOutcome,
  Transition,
} from './environments/environment.ts';
export {
  type AlgorithmName,
  type EnvironmentDefinition,
  environmentDefinition,
  environmentIds,
  environmentModel,
  makeEnvironment,
  makeVectorEnvironment,
  renderState,
  UnknownEnvironment,
} from './environments/index.ts';
export { type GivenKwargs, InvalidEnvironmentKwarg, type KwargForm } from './environments/kwargs.ts';
export { environmentSection, vectorEnvironmentSection } from './environments/saved.ts';
export type { Paint, Point, Scene, Shape } from './environments/scene.ts';
export {
  type BoxSpace,
  type DiscreteSpace,
  flatten,
  flattenedSize,
  type RealArray,
  type Space,
  sizeOf,
  type TupleSpace,
} from './environments/spaces.ts';
export type { VectorEnvironment, VectorEnvironmentState } from './environments/vector.ts';
export { Adam, clipGradientNorm } from './networks/adam.ts';
export {
  type ActorCritic,
  type ActorCriticShape,
  createActorCritic,
  initialise,
  type ParameterTensor,
} from './ppo/actor-critic.ts';
export {
  type PpoHyperparameters,
  type PpoTrainingConfig,
  type PpoTrainingRequest,
  ppoDefaults,
  resolvePpoConfig,
} from './ppo/config.ts';
export type { EpisodeReplay, Evaluation } from './ppo/evaluation.ts';
export { evaluatePolicy } from './ppo/evaluation.ts';
export { generalisedAdvantages, type RolloutForGae } from './ppo/gae.ts';
export { type MetricsSummary, type PpoMetrics, summarise } from './ppo/metrics.ts';
export {
  createMinibatch,
  type PpoLosses,
  type PpoLossSettings,
  type PpoMinibatch,
  ppoBackward,
  ppoForward,
  ppoGradientStep,
} from './ppo/minibatch.ts';
export { type LinearSchedule, type Schedule, scheduled } from './ppo/schedule.ts';
export {
  createTraining,
  type Training,
  TrainingDiverged,
  type TrainingEvaluation,
  type TrainingOptions,
  type TrainingProgress,
} from './ppo/trainer.ts';
export {
  type DqnPreset,
  type LinearPreset,
  type PolicyKwargs,
  type PpoPreset,
  type Presets,
  type SacPreset,
  zooPresets,
} from './presets.ts';
export { Pcg64 } from './random/pcg64.ts';
export { seedWords } from './random/seed-sequence.ts';
export { SnapshotMismatch } from './snapshot.ts';
export { explainedVariance, RunningMeanStd } from './statistics.ts';
