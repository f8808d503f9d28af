import type { AlgorithmName } from '../domain/rl/environments/index.ts';
import type { GivenKwargs } from '../domain/rl/environments/kwargs.ts';
import {
  actingTensors,
  type Policy,
  type PolicyLimits,
  policyFromTensors,
  readSafetensors,
  type WeightsOnFile,
  withKnownNames,
} from '../domain/rl/policy/index.ts';

/** The weights of a training hold more than its policy: critics, targets. */
const limits: PolicyLimits = {
  bytes: 64 * 1024 * 1024,
  headerBytes: 256 * 1024,
  tensors: 512,
  parameters: 8_000_000,
};

/** Of SAC's mean with gSDE (Stable-Baselines3's `clip_mean`). */
const gsdeMeanLimit = 2;

/** What is known of a training whose weights these are. */
export interface Trained {
  readonly config: {
    readonly algorithm: AlgorithmName;
    readonly environment: string;
    readonly env_kwargs: GivenKwargs;
    readonly hyperparameters: object;
  };
}

/**
 * What of a training’s weights acts: the layers from observation to action and the statistics of observations,
 * with what its configuration says of them.
 * @throws InvalidPolicy
 */
export function trainedWeights({ config }: Trained, file: Uint8Array): WeightsOnFile {
  const { algorithm, environment, env_kwargs } = config;
  const { activation: chosen, use_sde }: { activation?: unknown; use_sde?: unknown } = config.hyperparameters;
  const activation = chosen === 'tanh' || chosen === 'relu' ? chosen : undefined;
  const gsde = algorithm !== 'ppo' && use_sde === true;
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
export function trainedPolicy(job: Trained, file: Uint8Array): Policy {
  const { tensors, ...settings } = trainedWeights(job, file);
  return policyFromTensors(settings, tensors);
}
