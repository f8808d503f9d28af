import { multiply } from '../engine/reference/multiply.ts';
import { tanhInPlace } from '../numeric.ts';

/** One affine layer: y = x Wᵀ + b, PyTorch's layout. Arrays are views that the owner allocated. */
export interface LinearLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** [outputs][inputs], row by row. */
  readonly weight: Float64Array;
  /** [outputs] */
  readonly bias: Float64Array;
  readonly weightGradient: Float64Array;
  readonly biasGradient: Float64Array;
}

/**
 * A multilayer perceptron with tanh between its layers and nothing after the last, with manual
 * back-propagation. Its buffers hold up to `maxBatch` samples and are allocated once.
 */
export class Mlp {
  readonly #layers: readonly LinearLayer[];
  /** Per layer, its output after the activation: [batch][outputs]. */
  readonly #outputs: readonly Float64Array[];
  /** Per layer, the gradient of the loss by its affine output: [batch][outputs]. */
  readonly #deltas: readonly Float64Array[];

  constructor(layers: readonly LinearLayer[], maxBatch: number) {
    this.#layers = layers;
    this.#outputs = layers.map((layer) => new Float64Array(maxBatch * layer.outputs));
    this.#deltas = layers.map((layer) => new Float64Array(maxBatch * layer.outputs));
  }

  /**
   * Where `forward` leaves its result, [batch][outputs of the last layer]; overwritten by the next call.
   */
  get output(): Float64Array {
    return lastOf(this.#outputs);
  }

  /** Where the caller puts d loss / d output, [batch][outputs of the last layer], before `backward`. */
  get outputGradient(): Float64Array {
    return lastOf(this.#deltas);
  }

  /** Applies the network to `batch` rows of `input`, starting at element `start`. */
  forward(input: Float64Array, batch: number, start = 0): void {
    let x = input;
    let from = start;
    const last = this.#layers.length - 1;
    for (let l = 0; l <= last; l++) {
      const layer = this.#layers[l];
      const y = this.#outputs[l];
      if (layer === undefined || y === undefined) return;
      const { inputs, outputs } = layer;
      multiply(y, layer.bias, x, from, inputs, 1, layer.weight, inputs, 1, batch, outputs, inputs);
      if (l < last) tanhInPlace(y, batch * outputs);
      x = y;
      from = 0;
    }
  }

  /**
   * Gradients of the loss by weights and biases (overwritten, not added), from `outputGradient` and
   * the activations that `forward` left for the same `input` and `batch`.
   */
  backward(input: Float64Array, batch: number): void {
    for (let l = this.#layers.length - 1; l >= 0; l--) {
      const layer = this.#layers[l];
      const delta = this.#deltas[l];
      if (layer === undefined || delta === undefined) return;
      const { inputs, outputs, weightGradient } = layer;
      const below = this.#outputs[l - 1];
      const x = below ?? input;
      multiply(weightGradient, null, delta, 0, 1, outputs, x, 1, inputs, outputs, inputs, batch);
      sumRows(layer.biasGradient, delta, batch, outputs);
      const deltaBelow = this.#deltas[l - 1];
      if (below === undefined || deltaBelow === undefined) continue;
      multiply(deltaBelow, null, delta, 0, outputs, 1, layer.weight, 1, inputs, batch, inputs, outputs);
      throughTanh(deltaBelow, below, batch * inputs);
    }
  }
}

function lastOf(arrays: readonly Float64Array[]): Float64Array {
  const last = arrays.at(-1);
  if (last === undefined) throw new RangeError('a network has at least one layer');
  return last;
}

function sumRows(sums: Float64Array, rows: Float64Array, count: number, width: number): void {
  sums.fill(0);
  for (let r = 0, i = 0; r < count; r++) {
    for (let c = 0; c < width; c++, i++) sums[c] = (sums[c] ?? 0) + (rows[i] ?? 0);
  }
}

/** tanh' = 1 - tanh² */
function throughTanh(delta: Float64Array, activation: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const y = activation[i] ?? 0;
    delta[i] = (delta[i] ?? 0) * (1 - y * y);
  }
}
