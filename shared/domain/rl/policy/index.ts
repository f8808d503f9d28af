/**
 * Trained policies as data: built from weights, written to and read from files, run, and evaluated on seeds. What is
 * read may come from anybody: it is checked to the last byte, and never is code.
 */
export { type Action, createActor, networkOutput } from './act.ts';
export { canonicalKwargs, type PolicyLabel, policyFormat, type WantedFor } from './describe.ts';
export {
  type EpisodeResult,
  episodeLimit,
  evaluateOn,
  longestEpisode,
  type PolicyEvaluation,
  type PolicyReplay,
  SeededEvaluation,
} from './evaluate.ts';
export { readPolicy, type WeightsOnFile, writePolicy } from './file.ts';
export {
  type ActorFromTensors,
  actingTensors,
  actorFromTensors,
  type PolicySettings,
  policyFromTensors,
  statisticsNames,
  withKnownNames,
} from './from-tensors.ts';
export { InvalidPolicy, type PolicyFault } from './invalid-policy.ts';
export {
  type ActionHead,
  inputSize,
  type ObservationEncoding,
  type ObservationNormalization,
  type Policy,
  type PolicyActivation,
  type PolicyLayer,
  parameterCount,
} from './policy.ts';
export { readSafetensors, type SafetensorsFile, writeSafetensors } from './safetensors.ts';
export { estimate, studentT95 } from './student-t.ts';
export { type NamedTensor, type PolicyLimits, policyLimits } from './tensors.ts';
export { readTfjs } from './tfjs-read.ts';
export { type TfjsModel, weightsFile, writeTfjs } from './tfjs-write.ts';
