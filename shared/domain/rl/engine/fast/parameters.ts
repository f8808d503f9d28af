import type { NetworkPlan, ParameterPlan, ParameterSet, Tensor } from '../engine.ts';
import type { Memory, Piece } from './memory.ts';
import { FastNetwork, type LayerPlace } from './network.ts';
import { read, type Shelf, vectorShelf, weightShelf, write } from './shelf.ts';

interface LayerPlan {
  readonly name: string;
  readonly network: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly isLast: boolean;
}

/** Up to so many outputs a last layer is cheaper with dot products than with tiles of 4 x 8. */
const NARROW = 6;

/** All parameters in one padded array, gradients likewise, so that the optimiser sees a single vector. */
export class FastParameters implements ParameterSet {
  readonly memory: Memory;
  readonly tensors: readonly Tensor[];
  /** Where each tensor lies in `values`, `gradients`, and the optimiser's moments, in the order of `tensors`. */
  readonly shelves: readonly Shelf[];
  readonly values: Piece;
  readonly gradients: Piece;
  readonly #networks: readonly FastNetwork[];
  readonly #vectors: ReadonlyMap<string, { readonly values: Float32Array; readonly gradient: Float32Array }>;

  constructor(memory: Memory, { networks, vectors = [] }: ParameterPlan) {
    this.memory = memory;
    const layers = planLayers(networks);
    let offset = 0;
    const shelves: Shelf[] = [];
    const take = (shelf: Shelf): Shelf => {
      shelves.push(shelf);
      offset += shelf.length;
      return shelf;
    };
    const vectorShelves = vectors.map(({ name, length }) => take(vectorShelf(name, offset, length)));
    const layerShelves = layers.map(({ name, network, inputs, outputs, isLast }) => {
      const narrow = isLast && outputs <= NARROW;
      return {
        network,
        narrow,
        weight: take(weightShelf(`${name}.weight`, offset, outputs, inputs, narrow)),
        bias: take(vectorShelf(`${name}.bias`, offset, outputs)),
      };
    });
    this.shelves = shelves;
    this.values = memory.floats(offset);
    this.gradients = memory.floats(offset);
    const { values, gradients } = this;
    this.tensors = shelves.map((shelf) => tensor(shelf, values.data, gradients.data));
    this.#vectors = new Map(
      vectorShelves.map(({ name, offset: from, outputs }) => [
        name,
        {
          values: values.data.subarray(from, from + outputs),
          gradient: gradients.data.subarray(from, from + outputs),
        },
      ]),
    );
    this.#networks = networks.map((plan, index) => {
      const own = layerShelves.filter(({ network }) => network === index);
      const places = own.map((layer) => place(layer, values.address, gradients.address));
      return new FastNetwork(memory, plan, places);
    });
  }

  vector(name: string): { readonly values: Float32Array; readonly gradient: Float32Array } {
    const vector = this.#vectors.get(name);
    if (vector === undefined) throw new RangeError(`there is no vector ${name}`);
    return vector;
  }

  network(index: number): FastNetwork {
    const network = this.#networks[index];
    if (network === undefined) throw new RangeError(`there is no network ${index}`);
    return network;
  }
}

/** The hidden layers of all networks in turn, then their last layers. */
function planLayers(networks: readonly NetworkPlan[]): LayerPlan[] {
  const all = networks.flatMap(({ inputs, hidden, outputs, names }, network) => {
    const widths = [inputs, ...hidden];
    return [...hidden, outputs].map((width, l) => {
      const name = names[l];
      if (name === undefined) throw new RangeError('every layer of a network has a name');
      return { name, network, inputs: widths[l] ?? inputs, outputs: width, isLast: l === hidden.length };
    });
  });
  return [...all.filter(({ isLast }) => !isLast), ...all.filter(({ isLast }) => isLast)];
}

function tensor(shelf: Shelf, values: Float32Array, gradients: Float32Array): Tensor {
  return {
    name: shelf.name,
    shape: shelf.shape,
    precision: 'F32',
    read: () => read([shelf], values),
    write: (given) => write([shelf], values, given),
    readGradient: () => read([shelf], gradients),
    writeGradient: (given) => write([shelf], gradients, given),
  };
}

function place(
  { weight, bias, narrow }: { weight: Shelf; bias: Shelf; narrow: boolean },
  values: number,
  gradients: number,
): LayerPlace {
  return {
    inputs: weight.inputs,
    outputs: weight.outputs,
    narrow,
    stride: narrow ? weight.outputStep : weight.inputStep,
    weights: values + 4 * weight.offset,
    bias: values + 4 * bias.offset,
    weightGradient: gradients + 4 * weight.offset,
    biasGradient: gradients + 4 * bias.offset,
  };
}
