/**
 * Item response theory and adaptive testing without I/O or clock, over banks of typed arrays; the one dependency is yalps,
 * which solves the 0-1 programs of shadow tests.
 *
 * - Banks: `createBank` (1PL to 4PL, GRM, PCM, GPCM), `createDichotomousBank` (rows [a, b, c, d]).
 * - Models: `probability`, `categoryProbabilities`, `itemInformation`, `itemDerivatives`, `testInformation`, ….
 * - Estimators: `estimateMle`, `estimateMap`, `estimateEap`, `estimateWle`, `estimateEapSum`, or `estimate` by name.
 * - Selection: `criterionValues` gives each criterion's value for every candidate.
 * - Content: plans carry proportions, enemies, weighted deviations; `shadowTest` assembles a whole test by itself.
 * - Sessions: `createTest` checks a plan; `startSession` and `reduceSession` are the whole course of a test.
 * - Simulation: `simulate` runs a plan on examinees; `findExposureParameters` finds Sympson & Hetter's k.
 * - Calibration: `responsesOf`, `calibrate` (1PL, 2PL, 3PL, GRM, GPCM; pilot items beside fixed ones), `calibrationGates`.
 * - Fit: `itemFitSX2`, `itemFitPredictive` (sparse answers), `itemResiduals`, `personResiduals`, `personFit` (lz, lz*),
 *   `modelFitM2`, `marginalReliability`, `empiricalReliability`, `classicalStatistics`.
 * - Differential item functioning: `difMantelHaenszel`, `difLogistic`, `purified`.
 * - Linking: `link` by four methods, `linkItem`, `linkTheta`.
 * - Running statistics: `itemSumsOf`, `mergeItemSums`, `itemStatistics`, and the same of classes.
 * - Response times: `estimateSpeed`, `calibrateTimes`, `timeResidual`, `isRapidGuess`.
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
export type { ConvergenceReport } from './calibrate/ascend.ts';
export {
  type CalibratedItem,
  type Calibration,
  type CalibrationOptions,
  type CalibrationWarning,
  calibrate,
} from './calibrate/calibrate.ts';
export type { ItemErrors } from './calibrate/estimates.ts';
export {
  type CalibrationGates,
  calibrationGates,
  type GateEvidence,
  type GateOutcome,
  type ItemGates,
} from './calibrate/gates.ts';
export type { LatentKind } from './calibrate/marginal.ts';
export type { GuessingPrior, LogNormalPrior, Priors } from './calibrate/priors.ts';
export { type ResponseRow, type Responses, responsesOf } from './calibrate/responses.ts';
export type { DifClass, DifOptions } from './dif/groups.ts';
export { difLogistic, type LikelihoodRatio, type LogisticDif } from './dif/logistic.ts';
export { difMantelHaenszel, etsClass, type MantelHaenszel } from './dif/mantel-haenszel.ts';
export { type Purified, purified } from './dif/purify.ts';
export { estimateEap, estimateEapSum, type SumScoreLine, sumScoreTable } from './estimate/eap.ts';
export { createGrid, type Grid } from './estimate/grid.ts';
export { estimate } from './estimate/index.ts';
export { estimateJeffreys, estimateMap, estimateMle, estimateWle } from './estimate/maximum.ts';
export type {
  Estimate,
  EstimateOptions,
  EstimatorOptions,
  NormalPrior,
  QuadratureOptions,
} from './estimate/options.ts';
export { type ModelFit, modelFitM2 } from './fit/m2.ts';
export {
  type PersonFit,
  type PersonFitEstimator,
  type PersonFitOptions,
  personFit,
} from './fit/person-fit.ts';
export { itemFitPredictive, type PredictiveFitOptions } from './fit/predictive.ts';
export {
  type ClassicalItem,
  type ClassicalStatistics,
  classicalStatistics,
  empiricalReliability,
  marginalReliability,
} from './fit/reliability.ts';
export { itemResiduals, type MeanSquares, personResiduals } from './fit/residuals.ts';
export { type ItemFit, type ItemFitOptions, itemFitSX2 } from './fit/s-x2.ts';
export { type Link, type LinkOptions, link } from './link/link.ts';
export { linkItem, linkTheta, type Scale, unlinkTheta } from './link/transform.ts';
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
export {
  type CalibratedModel,
  type CriterionName,
  calibratedModels,
  criterionNames,
  type EstimatorName,
  estimatorNames,
  type GateName,
  gateNames,
  type LinkMethod,
  linkMethods,
} from './names.ts';
export { normalQuantile } from './normal.ts';
export { type AdaptiveTest, createTest, type PilotOptions, type TestPlan } from './plan.ts';
export {
  calibrateTimes,
  estimateSpeed,
  isRapidGuess,
  RAPID_SECONDS,
  RAPID_SHARE,
  rapidGuessThreshold,
  responseTimeEffort,
  type Speed,
  type TimeCalibration,
  type TimedResponse,
  timeResidual,
  timesLogLikelihood,
} from './response-time.ts';
export { normalOf, seedOf, uniformOf } from './rng.ts';
export { type Choice, type ChoiceState, chooseItem } from './select/choose.ts';
export {
  type ContentConstraint,
  type ContentOptions,
  groupsByNeed,
  prepareContent,
  weightedDeviations,
} from './select/content.ts';
export {
  type CriterionOptions,
  type CriterionRequest,
  type CriterionValues,
  criterionValues,
  type Preference,
} from './select/criteria.ts';
export {
  defaultExposure,
  type ExposureOptions,
  eligibilityOf,
  isEligible,
  type Usage,
} from './select/exposure.ts';
export {
  type ShadowOptions,
  type ShadowRequest,
  type ShadowTest,
  type ShadowTotal,
  shadowTest,
} from './select/shadow.ts';
export type { Progress } from './select/situation.ts';
export { type StrataOptions, strataOf } from './select/stratified.ts';
export {
  type ExposureParameters,
  type ExposureSearchOptions,
  findExposureParameters,
} from './select/sympson-hetter.ts';
export {
  amendSession,
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
  type ClassResult,
  type ClassStatistics,
  type ClassSums,
  classStatistics,
  classSumsOf,
  type ItemAttempt,
  type ItemStatistics,
  type ItemSums,
  itemStatistics,
  itemSumsOf,
  LEAST_ATTEMPTS,
  MILLIONTHS,
  mergeClassSums,
  mergeItemSums,
  noClassSums,
  noItemSums,
  withoutClassSums,
  withoutItemSums,
} from './stats.ts';
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
