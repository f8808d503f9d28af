/**
 * Reinforcement learning without dependencies, I/O or clock: environments, algorithms, and the engines
 * that compute for them. Conventions are Gymnasium's for environments and Stable-Baselines3's for
 * algorithms.
 */
export { TrainingDiverged } from './algorithms/algorithm.ts';
export {
  type ConfigIssue,
  type DqnConfig,
  hyperparametersOf,
  InvalidTrainingConfig,
  MOST_STEPS,
  type PpoConfig,
  resolveTrainingConfig,
  type SacConfig,
  type TrainingConfig,
  type TrainingRequest,
} from './algorithms/config.ts';
export {
  type Diagnosis,
  type DiagnosisCode,
  type DiagnosisContext,
  diagnose,
  type MetricsRow,
  type Remedy,
} from './algorithms/diagnosis.ts';
export type { EpisodeReplay, Evaluation } from './algorithms/evaluation.ts';
export type { HyperparameterForm } from './algorithms/hyperparameter.ts';
export {
  type DqnMetrics,
  type MetricsSummary,
  type PpoMetrics,
  type SacMetrics,
  summarise,
  type TrainingMetrics,
} from './algorithms/metrics.ts';
export { type LinearSchedule, type Schedule, scheduled } from './algorithms/schedule.ts';
export {
  createTraining,
  type Snapshot,
  type Training,
  type TrainingEvaluation,
  type TrainingOptions,
  type TrainingProgress,
} from './algorithms/training.ts';
export type { Engine } from './engine/engine.ts';
export { createEngine, type EngineName, engineNames } from './engine/index.ts';
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
