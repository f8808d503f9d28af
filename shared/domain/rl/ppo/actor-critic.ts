import { type LinearLayer, Mlp } from '../networks/mlp.ts';
import { orthogonal } from '../networks/orthogonal.ts';
import type { Pcg64 } from '../random/pcg64.ts';

/** Sizes of an actor-critic. */
export interface ActorCriticShape {
  readonly observationSize: number;
  readonly actionCount: number;
  /** Widths of the hidden layers, of both networks. */
  readonly hiddenSizes: readonly number[];
  /** The most samples that pass through at once. */
  readonly maxBatch: number;
}

/** A named view into the flat parameters and gradients. */
export interface ParameterTensor {
  /** Stable-Baselines3's `state_dict` name. */
  readonly name: string;
  /** Weights [outputs, inputs], biases [outputs]. */
  readonly shape: readonly number[];
  readonly values: Float64Array;
  readonly gradient: Float64Array;
}

/**
 * Two separate tanh networks (Stable-Baselines3's `ActorCriticPolicy`): the actor gives the logits of
 * a categorical distribution over actions, the critic the value of an observation. All parameters lie
 * in one array, in the order of `tensors`, so that optimiser and checkpoint see a single vector.
 */
export interface ActorCritic {
  readonly shape: ActorCriticShape;
  readonly parameters: Float64Array;
  readonly gradients: Float64Array;
  readonly tensors: readonly ParameterTensor[];
  /** Output: logits [batch][actionCount]. */
  readonly actor: Mlp;
  /** Output: values [batch][1]. */
  readonly critic: Mlp;
}

/** An actor-critic whose parameters are all zero; see `initialise`. */
export function createActorCritic(shape: ActorCriticShape): ActorCritic {
  const plan = planLayers(shape);
  const size = plan.reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0);
  const parameters = new Float64Array(size);
  const gradients = new Float64Array(size);
  const tensors: ParameterTensor[] = [];
  let offset = 0;
  const tensor = (name: string, sizes: readonly number[]): ParameterTensor => {
    const end = offset + sizes.reduce((product, n) => product * n, 1);
    const view = {
      name,
      shape: sizes,
      values: parameters.subarray(offset, end),
      gradient: gradients.subarray(offset, end),
    };
    tensors.push(view);
    offset = end;
    return view;
  };
  const layers = plan.map(({ name, owner, inputs, outputs }) => {
    const weight = tensor(`${name}.weight`, [outputs, inputs]);
    const bias = tensor(`${name}.bias`, [outputs]);
    const layer: LinearLayer = {
      inputs,
      outputs,
      weight: weight.values,
      bias: bias.values,
      weightGradient: weight.gradient,
      biasGradient: bias.gradient,
    };
    return { owner, layer };
  });
  const networkOf = (owner: Owner): Mlp =>
    new Mlp(
      layers.filter((entry) => entry.owner === owner).map((entry) => entry.layer),
      shape.maxBatch,
    );
  return { shape, parameters, gradients, tensors, actor: networkOf('actor'), critic: networkOf('critic') };
}

type Owner = 'actor' | 'critic';

interface LayerPlan {
  readonly name: string;
  readonly owner: Owner;
  readonly inputs: number;
  readonly outputs: number;
}

/** The layers in the order of Stable-Baselines3's `state_dict`; odd numbers there are the tanhs. */
function planLayers({ observationSize, actionCount, hiddenSizes }: ActorCriticShape): LayerPlan[] {
  const widths = [observationSize, ...hiddenSizes];
  const hidden = (owner: Owner, prefix: string): LayerPlan[] =>
    hiddenSizes.map((outputs, l) => ({
      name: `mlp_extractor.${prefix}.${2 * l}`,
      owner,
      inputs: widths[l] ?? observationSize,
      outputs,
    }));
  const top = widths.at(-1) ?? observationSize;
  return [
    ...hidden('actor', 'policy_net'),
    ...hidden('critic', 'value_net'),
    { name: 'action_net', owner: 'actor', inputs: top, outputs: actionCount },
    { name: 'value_net', owner: 'critic', inputs: top, outputs: 1 },
  ];
}

/**
 * Orthogonal weights with gains √2 (hidden), 0.01 (action head), 1 (value head), and zero biases, as
 * Stable-Baselines3.
 */
export function initialise(network: ActorCritic, random: Pcg64): void {
  for (const { name, shape, values } of network.tensors) {
    const [rows = 0, columns] = shape;
    if (columns === undefined) values.fill(0);
    else orthogonal(values, rows, columns, gainOf(name), random);
  }
}

function gainOf(name: string): number {
  if (name === 'action_net.weight') return 0.01;
  if (name === 'value_net.weight') return 1;
  return Math.SQRT2;
}
