import type { NetworkPlan, ParameterPlan, ParameterSet, Tensor } from '../engine.ts';
import { type LinearLayer, ReferenceNetwork } from './network.ts';

/** A tensor that is a view into the flat parameters and gradients. */
interface View extends Tensor {
  readonly values: Float64Array;
  readonly gradient: Float64Array;
}

interface LayerPlan {
  readonly name: string;
  readonly network: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** All parameters in one array, in the order of `tensors`, so that the optimiser sees a single vector. */
export class ReferenceParameters implements ParameterSet {
  readonly tensors: readonly Tensor[];
  readonly values: Float64Array;
  readonly gradients: Float64Array;
  readonly #networks: readonly ReferenceNetwork[];
  readonly #vectors: ReadonlyMap<string, View>;

  constructor({ networks, vectors = [] }: ParameterPlan) {
    const layers = planLayers(networks);
    const sizes = [
      ...vectors.map(({ length }) => length),
      ...layers.map(({ inputs, outputs }) => (inputs + 1) * outputs),
    ];
    const size = sizes.reduce((sum, n) => sum + n, 0);
    this.values = new Float64Array(size);
    this.gradients = new Float64Array(size);
    let offset = 0;
    const tensors: View[] = [];
    const take = (name: string, shape: readonly number[]): View => {
      const end = offset + shape.reduce((product, n) => product * n, 1);
      const view = viewOf(
        name,
        shape,
        this.values.subarray(offset, end),
        this.gradients.subarray(offset, end),
      );
      tensors.push(view);
      offset = end;
      return view;
    };
    this.#vectors = new Map(vectors.map(({ name, length }) => [name, take(name, [length])]));
    const made = layers.map((plan) => ({ network: plan.network, layer: makeLayer(plan, take) }));
    this.#networks = networks.map(
      (plan, index) =>
        new ReferenceNetwork(
          plan,
          made.filter(({ network }) => network === index).map(({ layer }) => layer),
        ),
    );
    this.tensors = tensors;
  }

  vector(name: string): { readonly values: Float64Array; readonly gradient: Float64Array } {
    const view = this.#vectors.get(name);
    if (view === undefined) throw new RangeError(`there is no vector ${name}`);
    return view;
  }

  network(index: number): ReferenceNetwork {
    const network = this.#networks[index];
    if (network === undefined) throw new RangeError(`there is no network ${index}`);
    return network;
  }
}

/** The hidden layers of all networks in turn, then their last layers. */
function planLayers(networks: readonly NetworkPlan[]): LayerPlan[] {
  const all = networks.map(({ inputs, hidden, outputs, names }, network) => {
    const widths = [inputs, ...hidden, outputs];
    if (names.length !== hidden.length + 1) throw new RangeError('a network has a name for each layer');
    return names.map((name, l) => ({
      name,
      network,
      inputs: widths[l] ?? inputs,
      outputs: widths[l + 1] ?? outputs,
    }));
  });
  return [...all.flatMap((layers) => layers.slice(0, -1)), ...all.flatMap((layers) => layers.slice(-1))];
}

function makeLayer(
  { name, inputs, outputs }: LayerPlan,
  take: (name: string, shape: readonly number[]) => View,
): LinearLayer {
  const weight = take(`${name}.weight`, [outputs, inputs]);
  const bias = take(`${name}.bias`, [outputs]);
  return {
    inputs,
    outputs,
    weight: weight.values,
    bias: bias.values,
    weightGradient: weight.gradient,
    biasGradient: bias.gradient,
  };
}

function viewOf(name: string, shape: readonly number[], values: Float64Array, gradient: Float64Array): View {
  const replace = (target: Float64Array, given: ArrayLike<number>): void => {
    if (given.length !== target.length) throw new RangeError(`${name} has ${target.length} values`);
    target.set(given);
  };
  return {
    name,
    shape,
    precision: 'F64',
    values,
    gradient,
    read: () => values.slice(),
    write: (given) => replace(values, given),
    readGradient: () => gradient.slice(),
    writeGradient: (given) => replace(gradient, given),
  };
}
