/**
 * Item response theory and adaptive testing without dependencies, I/O or clock, over banks of typed arrays.
 *
 * - Banks: `createBank` (1PL to 4PL, GRM, PCM, GPCM), `createDichotomousBank` (rows [a, b, c, d]).
 * - Models: `probability`, `categoryProbabilities`, `itemInformation`, `itemDerivatives`, `testInformation`, ….
 * - Estimators: `estimateMle`, `estimateMap`, `estimateEap`, `estimateWle`, `estimateEapSum`, or `estimate` by name.
 * - Selection: `criterionValues` gives each criterion's value for every candidate.
 * - Sessions: `createTest` checks a plan; `startSession` and `reduceSession` are the whole course of a test.
 * - Simulation: `simulate` runs a plan on examinees; `findExposureParameters` finds Sympson & Hetter's k.
 */
export {
  type Answers,
  answersToAll,
  type Bank,
  checkAnswers,
  createBank,
  createDichotomousBank,
  type ItemParameters,
  type ModelName,
  modelNames,
  parametersOf,
} from './bank.ts';
export { estimateEap, estimateEapSum, type SumScoreLine, sumScoreTable } from './estimate/eap.ts';
export { createGrid, type Grid } from './estimate/grid.ts';
export { estimate } from './estimate/index.ts';
export { estimateJeffreys, estimateMap, estimateMle, estimateWle } from './estimate/maximum.ts';
export {
  type Estimate,
  type EstimateOptions,
  type EstimatorName,
  type EstimatorOptions,
  estimatorNames,
  type NormalPrior,
  type QuadratureOptions,
} from './estimate/options.ts';
export {
  categoryProbabilities,
  expectedScore,
  type ItemDerivatives,
  itemDerivatives,
  itemInformation,
  probability,
  testInformation,
} from './models/item.ts';
export { thetasOfMaximum } from './models/maximum.ts';
export { normalQuantile } from './normal.ts';
export { type AdaptiveTest, createTest, type PilotOptions, type TestPlan } from './plan.ts';
export { normalOf, seedOf, uniformOf } from './rng.ts';
export { type Choice, type ChoiceState, chooseItem } from './select/choose.ts';
export {
  type ContentConstraint,
  type ContentOptions,
  neediestGroup,
  prepareContent,
  weightedDeviations,
} from './select/content.ts';
export {
  type CriterionName,
  type CriterionOptions,
  type CriterionRequest,
  type CriterionValues,
  criterionNames,
  criterionValues,
  type Preference,
} from './select/criteria.ts';
export { defaultExposure, type ExposureOptions, eligibilityOf, type Usage } from './select/exposure.ts';
export type { Progress } from './select/situation.ts';
export { type StrataOptions, strataOf } from './select/stratified.ts';
export {
  type ExposureParameters,
  type ExposureSearchOptions,
  findExposureParameters,
} from './select/sympson-hetter.ts';
export {
  type Circumstances,
  estimateSession,
  type Pending,
  reduceSession,
  type SessionAction,
  type SessionOutcome,
  type SessionState,
  type SessionStep,
  scoredAnswers,
  startSession,
} from './session.ts';
export {
  type ConditionalAccuracy,
  type SimulatedSession,
  type Simulation,
  type SimulationOptions,
  type SimulationSummary,
  simulate,
} from './simulate.ts';
export {
  classify,
  intervalDecision,
  type SprtOptions,
  type StoppingRules,
  type StopReason,
  sprtBounds,
  sprtDecision,
  sprtLogRatio,
} from './stop.ts';
