import {
  actingTensors,
  type Policy,
  type PolicyLimits,
  policyFromTensors,
  readSafetensors,
  type WeightsOnFile,
  withKnownNames,
} from '../domain/rl/policy/index.ts';
import type { TrainingJob } from './job.ts';

/** The weights of a training hold more than its policy: critics, targets. */
const limits: PolicyLimits = {
  bytes: 64 * 1024 * 1024,
  headerBytes: 256 * 1024,
  tensors: 512,
  parameters: 8_000_000,
};

/** Of SAC's mean with gSDE (Stable-Baselines3's `clip_mean`). */
const gsdeMeanLimit = 2;

/**
 * What of a training's final weights acts: the layers from observation to action and the statistics of observations,
 * with what its configuration says of them.
 * @throws InvalidPolicy
 */
export function trainedWeights({ config }: Pick<TrainingJob, 'config'>, file: Uint8Array): WeightsOnFile {
  const { algorithm, environment, env_kwargs } = config;
  const settings: Readonly<Record<string, unknown>> = config.hyperparameters;
  const chosen = settings['activation'];
  const activation = chosen === 'tanh' || chosen === 'relu' ? chosen : undefined;
  const gsde = algorithm !== 'ppo' && settings['use_sde'] === true;
  const tensors = withKnownNames(readSafetensors(file, limits).tensors);
  return {
    environment,
    env_kwargs,
    algorithm,
    ...(activation && { activation }),
    ...(gsde && { meanLimit: gsdeMeanLimit }),
    tensors: actingTensors(algorithm, tensors),
  };
}

/** The policy of a completed training. */
export function trainedPolicy(job: Pick<TrainingJob, 'config'>, file: Uint8Array): Policy {
  const { tensors, ...settings } = trainedWeights(job, file);
  return policyFromTensors(settings, tensors);
}
