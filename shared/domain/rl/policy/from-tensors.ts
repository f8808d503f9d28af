import type { EnvironmentModel } from '../environments/environment.ts';
import { type AlgorithmName, environmentModel } from '../environments/index.ts';
import type { GivenKwargs } from '../environments/kwargs.ts';
import { flattenedSize, sizeOf } from '../environments/spaces.ts';
import { InvalidPolicy } from './invalid-policy.ts';
import {
  type ActionHead,
  boundsOf,
  encodingOf,
  type ObservationNormalization,
  type Policy,
  type PolicyActivation,
  type PolicyLayer,
} from './policy.ts';
import { type NamedTensor, sizeOfShape } from './tensors.ts';

/** What tensors do not say of themselves. */
export interface PolicySettings {
  readonly environment: string;
  readonly env_kwargs: GivenKwargs;
  /** Default: told by the names of the tensors. */
  readonly algorithm?: AlgorithmName | undefined;
  /** Default: the algorithm's own in Stable-Baselines3. */
  readonly activation?: 'tanh' | 'relu' | undefined;
  /** The mean of a squashed Gaussian is clipped to ± this. Default: 2 for SAC's `mu.0`, which is gSDE's; else not. */
  readonly meanLimit?: number | undefined;
  /** Of the normalisation, where there is one. Default: VecNormalize's 10 and 1e-8. */
  readonly clip?: number | undefined;
  readonly epsilon?: number | undefined;
}

/** Names of observation statistics, as attributes of VecNormalize. */
export const statisticsNames = { mean: 'obs_rms.mean', var: 'obs_rms.var' } as const;

/** How a training's own files call them: means, variances and a count in one vector. */
const trainingStatistics = 'normaliser.observations';

/** Tensors as a training keeps them, with the statistics under the names that others know. */
export function withKnownNames(tensors: readonly NamedTensor[]): NamedTensor[] {
  return tensors.flatMap((tensor) => {
    if (tensor.name !== trainingStatistics) return [tensor];
    const size = Math.floor(tensor.values.length / 2);
    return [
      { name: statisticsNames.mean, shape: [size], values: tensor.values.slice(0, size) },
      { name: statisticsNames.var, shape: [size], values: tensor.values.slice(size, 2 * size) },
    ];
  });
}

interface Recipe {
  /** Hidden layers: the first of these prefixes under which there are any. */
  readonly hidden: readonly string[];
  /** Last layer; null where it is the last of `hidden`. */
  readonly last: readonly string[] | null;
  /** Beginnings of names that belong to the algorithm and not to its deterministic policy. */
  readonly beside: readonly string[];
  readonly activation: 'tanh' | 'relu';
}

/** Where each algorithm keeps its deterministic policy in Stable-Baselines3's `state_dict`. */
const recipes: Readonly<Record<AlgorithmName, Recipe>> = {
  ppo: {
    hidden: ['mlp_extractor.policy_net'],
    last: ['action_net'],
    beside: ['mlp_extractor.value_net.', 'value_net.', 'log_std'],
    activation: 'tanh',
  },
  dqn: {
    hidden: ['q_net.q_net', 'q_net'],
    last: null,
    beside: ['q_net_target.', 'target.'],
    activation: 'relu',
  },
  sac: {
    hidden: ['actor.latent_pi', 'latent_pi'],
    last: ['actor.mu', 'mu', 'actor.mu.0', 'mu.0'],
    beside: ['actor.log_std', 'log_std', 'critic.', 'critic_target.', 'qf', 'log_ent_coef'],
    activation: 'relu',
  },
};
const gsdeMeanLimit = 2;

/**
 * The policy in the weights of PPO, DQN or SAC, named as in Stable-Baselines3's `state_dict`, with the statistics of
 * observations as `obs_rms.mean` and `obs_rms.var` if they were normalised.
 * @throws InvalidPolicy; UnknownEnvironment, InvalidEnvironmentKwarg
 */
export function policyFromTensors(settings: PolicySettings, tensors: readonly NamedTensor[]): Policy {
  const model = environmentModel(settings.environment, settings.env_kwargs);
  const { algorithm, layers, gsde, statistics } = actorFromTensors(settings, tensors);
  const normalization = normalizationFrom(statistics, settings, flattenedSize(model.observationSpace));
  const head = headOf(model, algorithm, settings.meanLimit ?? (gsde ? gsdeMeanLimit : null));
  return checkedPolicy(model, { ...settings, normalization, layers, head });
}

/** What the tensors alone say. */
export interface ActorFromTensors {
  readonly algorithm: AlgorithmName;
  readonly layers: readonly PolicyLayer[];
  /** Of the layers: `<name>.weight` and `<name>.bias` are the tensors. */
  readonly names: readonly string[];
  /** The names are those of SAC with gSDE. */
  readonly gsde: boolean;
  readonly statistics: { readonly mean: NamedTensor; readonly var: NamedTensor } | null;
}

/** Those of the tensors that the deterministic policy is made of: no critic, target or noise. */
export function actingTensors(algorithm: AlgorithmName, tensors: readonly NamedTensor[]): NamedTensor[] {
  const names = layerNames(new Map(tensors.map((tensor) => [tensor.name, tensor])), recipes[algorithm]);
  const wanted = new Set([
    ...names.flatMap((name) => [`${name}.weight`, `${name}.bias`]),
    ...Object.values(statisticsNames),
  ]);
  return tensors.filter(({ name }) => wanted.has(name));
}

/**
 * The layers from observation to action among the tensors of an algorithm.
 * @throws InvalidPolicy
 */
export function actorFromTensors(
  settings: Pick<PolicySettings, 'algorithm' | 'activation'>,
  tensors: readonly NamedTensor[],
): ActorFromTensors {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const algorithm = settings.algorithm ?? algorithmIn(byName);
  const recipe = recipes[algorithm];
  const used = new Set<string>();
  const take = (name: string): NamedTensor => {
    const tensor = byName.get(name);
    if (tensor === undefined) throw new InvalidPolicy('shape', name, 'is missing');
    used.add(name);
    return tensor;
  };
  const names = layerNames(byName, recipe);
  const activation = settings.activation ?? recipe.activation;
  const layers = names.map((name, i) =>
    layerFrom(name, take, i === names.length - 1 ? 'linear' : activation),
  );
  const normalized = byName.has(statisticsNames.mean) || byName.has(statisticsNames.var);
  const statistics = normalized ? { mean: take(statisticsNames.mean), var: take(statisticsNames.var) } : null;
  refuseStrangers(byName, used, recipe, algorithm);
  const gsde = algorithm === 'sac' && (names.at(-1)?.endsWith('mu.0') ?? false);
  return { algorithm, layers, names, gsde, statistics };
}

function algorithmIn(tensors: ReadonlyMap<string, NamedTensor>): AlgorithmName {
  const names = [...tensors.keys()];
  const has = (text: string) => names.some((name) => name.includes(text));
  if (has('action_net.')) return 'ppo';
  if (has('q_net.')) return 'dqn';
  if (has('mu.')) return 'sac';
  throw new InvalidPolicy(
    'unsupported',
    '',
    'the tensors are named as neither PPO’s (action_net), DQN’s (q_net) nor SAC’s (mu) in Stable-Baselines3',
  );
}

/** `<prefix>.0`, `<prefix>.2` … as PyTorch numbers the affine layers of a Sequential, then the last layer. */
function layerNames(tensors: ReadonlyMap<string, NamedTensor>, recipe: Recipe): string[] {
  const prefix = recipe.hidden.find((one) => tensors.has(`${one}.0.weight`));
  const hidden: string[] = [];
  for (let i = 0; prefix !== undefined && tensors.has(`${prefix}.${i}.weight`); i += 2)
    hidden.push(`${prefix}.${i}`);
  const last = recipe.last?.find((one) => tensors.has(`${one}.weight`)) ?? recipe.last?.[0];
  const names = last === undefined ? hidden : [...hidden, last];
  if (names.length === 0) throw new InvalidPolicy('shape', `${recipe.hidden[0]}.0.weight`, 'is missing');
  return names;
}

function layerFrom(
  name: string,
  take: (name: string) => NamedTensor,
  activation: PolicyActivation,
): PolicyLayer {
  const weight = take(`${name}.weight`);
  const bias = take(`${name}.bias`);
  const [outputs = 0, inputs = 0] = weight.shape;
  if (weight.shape.length !== 2) throw new InvalidPolicy('shape', weight.name, 'must be [outputs, inputs]');
  if (bias.shape.length !== 1 || bias.shape[0] !== outputs)
    throw new InvalidPolicy('shape', bias.name, `must be [${outputs}], as many as its layer has outputs`);
  return {
    inputs,
    outputs,
    activation,
    weight: Float64Array.from(weight.values),
    bias: Float64Array.from(bias.values),
  };
}

function normalizationFrom(
  statistics: ActorFromTensors['statistics'],
  { clip = 10, epsilon = 1e-8 }: PolicySettings,
  size: number,
): ObservationNormalization | null {
  if (statistics === null) return null;
  const mean = Float64Array.from(statistics.mean.values);
  const variance = Float64Array.from(statistics.var.values);
  return checkedNormalization({ mean, var: variance, clip, epsilon }, size);
}

/** @throws InvalidPolicy */
export function checkedNormalization(
  given: ObservationNormalization,
  size: number,
): ObservationNormalization {
  for (const [name, values] of [
    [statisticsNames.mean, given.mean],
    [statisticsNames.var, given.var],
  ] as const)
    if (values.length !== size)
      throw new InvalidPolicy('shape', name, `has ${values.length} numbers, an observation has ${size}`);
  if (given.var.some((x) => x < 0))
    throw new InvalidPolicy('malformed', statisticsNames.var, 'a variance is negative');
  if (!(given.clip > 0) || !(given.epsilon > 0))
    throw new InvalidPolicy('malformed', 'normalization', 'clip and epsilon must be above 0');
  return given;
}

function refuseStrangers(
  tensors: ReadonlyMap<string, NamedTensor>,
  used: ReadonlySet<string>,
  { beside }: Recipe,
  algorithm: AlgorithmName,
): void {
  for (const name of tensors.keys())
    if (!used.has(name) && !beside.some((beginning) => name.startsWith(beginning)))
      throw new InvalidPolicy(
        'unsupported',
        name,
        `is no tensor of ${algorithm.toUpperCase()} with a plain network`,
      );
}

/** How `algorithm` acts in this environment. */
function headOf(
  { id, actionSpace }: EnvironmentModel,
  algorithm: AlgorithmName,
  meanLimit: number | null,
): ActionHead {
  if (actionSpace.kind === 'discrete') {
    if (algorithm === 'sac')
      throw new InvalidPolicy('shape', id, 'has discrete actions, which SAC cannot give');
    return { kind: algorithm === 'dqn' ? 'q_values' : 'argmax' };
  }
  if (algorithm === 'dqn')
    throw new InvalidPolicy('shape', id, 'has continuous actions, which DQN cannot give');
  const bounds = boundsOf(actionSpace);
  return algorithm === 'sac'
    ? { kind: 'squashed', ...bounds, mean_limit: meanLimit }
    : { kind: 'clipped', ...bounds };
}

/**
 * A policy whose layers fit one another and the environment's spaces.
 * @throws InvalidPolicy
 */
export function checkedPolicy(
  model: EnvironmentModel,
  { environment, env_kwargs, normalization, layers, head }: Omit<Policy, 'observation'>,
): Policy {
  let size = flattenedSize(model.observationSpace);
  layers.forEach(({ inputs, outputs, weight, bias }, i) => {
    if (inputs !== size)
      throw new InvalidPolicy(
        'shape',
        `layer ${i}`,
        i === 0
          ? `takes ${inputs} numbers, an observation of ${model.id} has ${size}`
          : `takes ${inputs} numbers, the layer before gives ${size}`,
      );
    if (weight.length !== sizeOfShape([inputs, outputs]) || bias.length !== outputs)
      throw new InvalidPolicy('shape', `layer ${i}`, 'its weights do not fit its sizes');
    size = outputs;
  });
  const { actionSpace } = model;
  const actions = actionSpace.kind === 'discrete' ? actionSpace.n : sizeOf(actionSpace);
  if (layers.length === 0 || size !== actions)
    throw new InvalidPolicy('shape', 'the last layer', `gives ${size} numbers, ${model.id} needs ${actions}`);
  return {
    environment,
    env_kwargs,
    observation: encodingOf(model.observationSpace),
    normalization,
    layers,
    head,
  };
}
