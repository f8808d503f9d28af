import {
  algorithmNames,
  checkMeantFor,
  oneOf,
  type PolicyLabel,
  parsedKwargs,
  policyFormat,
  type WantedFor,
} from './describe.ts';
import { actorFromTensors, type PolicySettings, policyFromTensors, statisticsNames } from './from-tensors.ts';
import { InvalidPolicy } from './invalid-policy.ts';
import type { Policy } from './policy.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { type NamedTensor, type PolicyLimits, policyLimits } from './tensors.ts';

export interface WeightsOnFile extends PolicyLabel {
  readonly activation?: 'tanh' | 'relu' | undefined;
  readonly meanLimit?: number | undefined;
  readonly clip?: number | undefined;
  readonly epsilon?: number | undefined;
  /** Named as in Stable-Baselines3's `state_dict`; see `policyFromTensors`. */
  readonly tensors: readonly NamedTensor[];
}

/**
 * A policy as a safetensors file: the weights under Stable-Baselines3's names, so that PyTorch can load them, and in
 * the metadata what they do not say themselves. `metadata.policy` is JSON that tells a program step by step how to
 * act: the encoding of observations, their normalisation, the layers in order, and the head.
 * @throws InvalidPolicy; UnknownEnvironment, InvalidEnvironmentKwarg
 */
export function writePolicy({ tensors, ...label }: WeightsOnFile): Uint8Array {
  const { algorithm, names } = actorFromTensors(label, tensors);
  const { observation, normalization, layers, head } = policyFromTensors(label, tensors);
  const steps = {
    observation,
    normalization: normalization && {
      ...statisticsNames,
      clip: normalization.clip,
      epsilon: normalization.epsilon,
    },
    layers: names.map((name, i) => ({ name, activation: layers[i]?.activation })),
    head,
  };
  const texts = {
    format: policyFormat,
    environment: label.environment,
    env_kwargs: JSON.stringify(label.env_kwargs),
    algorithm,
    activation: label.activation,
    mean_limit: label.meanLimit?.toString(),
    clip_obs: label.clip?.toString(),
    epsilon: label.epsilon?.toString(),
    policy: JSON.stringify(steps),
  };
  const given = Object.entries(texts).flatMap(([key, text]) =>
    text === undefined ? [] : [[key, text] as const],
  );
  return writeSafetensors({ metadata: Object.fromEntries(given), tensors });
}

/**
 * The policy in a safetensors file: one that `writePolicy` made, or any that PPO's, DQN's or SAC's tensors in
 * Stable-Baselines3 were saved into. What the file says of itself must agree with what it is wanted for.
 * @throws InvalidPolicy; UnknownEnvironment, InvalidEnvironmentKwarg
 */
export function readPolicy(
  bytes: Uint8Array,
  wanted: WantedFor & { readonly algorithm?: PolicySettings['algorithm'] },
  limits: PolicyLimits = policyLimits,
): Policy {
  const { metadata, tensors } = readSafetensors(bytes, limits);
  const told = metadata['format'] === policyFormat ? metadata : {};
  checkMeantFor(wanted, told['environment'], parsedKwargs(told['env_kwargs']));
  return policyFromTensors(
    {
      environment: wanted.environment,
      env_kwargs: wanted.env_kwargs,
      algorithm: wanted.algorithm ?? oneOf('algorithm', told['algorithm'], algorithmNames),
      activation: oneOf('activation', told['activation'], ['tanh', 'relu']),
      meanLimit: positive('mean_limit', told['mean_limit']),
      clip: positive('clip_obs', told['clip_obs']),
      epsilon: positive('epsilon', told['epsilon']),
    },
    tensors,
  );
}

function positive(field: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^[\d.eE+-]{1,30}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value > 0 && value < 1e300)) throw new InvalidPolicy('malformed', field, 'must be a positive number');
  return value;
}
