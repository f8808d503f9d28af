import { tanhInPlace } from '../../numeric.ts';
import type { Activation, Matrix, Network, NetworkPlan } from '../engine.ts';
import { multiply } from './multiply.ts';

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

/** A matrix without padding, in 64 bits. */
export interface DenseMatrix extends Matrix {
  readonly data: Float64Array;
}

export function denseMatrix(rows: number, columns: number): DenseMatrix {
  return { rows, columns, stride: columns, data: new Float64Array(rows * columns) };
}

/** A multilayer perceptron with manual back-propagation. Its buffers are allocated once. */
export class ReferenceNetwork implements Network {
  readonly plan: NetworkPlan;
  readonly output: DenseMatrix;
  readonly outputGradient: DenseMatrix;
  readonly inputGradient: DenseMatrix;
  readonly #layers: readonly LinearLayer[];
  /** Per layer, its output after the activation: [batch][outputs]. */
  readonly #outputs: readonly DenseMatrix[];
  /** Per layer, the gradient of the loss by its affine output: [batch][outputs]. */
  readonly #deltas: readonly DenseMatrix[];

  /** @throws RangeError if there is no layer */
  constructor(plan: NetworkPlan, layers: readonly LinearLayer[]) {
    this.plan = plan;
    this.#layers = layers;
    this.#outputs = layers.map(({ outputs }) => denseMatrix(plan.maxBatch, outputs));
    this.#deltas = layers.map(({ outputs }) => denseMatrix(plan.maxBatch, outputs));
    this.output = lastOf(this.#outputs);
    this.outputGradient = lastOf(this.#deltas);
    this.inputGradient = denseMatrix(plan.maxBatch, plan.inputs);
  }

  forward(input: Matrix, batch: number, firstRow = 0): void {
    let x = realsOf(input);
    let from = firstRow * input.stride;
    let stride = input.stride;
    const last = this.#layers.length - 1;
    for (let l = 0; l <= last; l++) {
      const layer = this.#layers[l];
      const y = this.#outputs[l]?.data;
      if (layer === undefined || y === undefined) return;
      const { inputs, outputs } = layer;
      multiply(y, layer.bias, x, from, stride, 1, layer.weight, inputs, 1, batch, outputs, inputs);
      if (l < last) activate(this.plan.activation, y, batch * outputs);
      x = y;
      from = 0;
      stride = outputs;
    }
  }

  backward(input: Matrix, batch: number, wanted: 'parameters' | 'input' | 'both', firstRow = 0): void {
    for (let l = this.#layers.length - 1; l >= 0; l--) {
      const layer = this.#layers[l];
      const delta = this.#deltas[l]?.data;
      if (layer === undefined || delta === undefined) return;
      const below = this.#outputs[l - 1];
      if (wanted !== 'input') {
        if (below === undefined) parameterGradients(layer, delta, input, firstRow, batch);
        else parameterGradients(layer, delta, below, 0, batch);
      }
      const deltaBelow = this.#deltas[l - 1]?.data;
      if (below !== undefined && deltaBelow !== undefined) {
        gradientBelow(deltaBelow, layer, delta, batch);
        throughActivation(this.plan.activation, deltaBelow, below.data, batch * layer.inputs);
      } else if (wanted !== 'parameters') gradientBelow(this.inputGradient.data, layer, delta, batch);
    }
  }
}

/** The numbers of one of this engine's matrices. */
function realsOf({ data }: Matrix): Float64Array {
  if (data instanceof Float64Array) return data;
  throw new TypeError('the matrix belongs to another engine');
}

function lastOf<T>(items: readonly T[]): T {
  const last = items.at(-1);
  if (last === undefined) throw new RangeError('a network has at least one layer');
  return last;
}

/** dW = δᵀ x and db = Σ δ over the batch. */
function parameterGradients(
  layer: LinearLayer,
  delta: Float64Array,
  input: Matrix,
  firstRow: number,
  batch: number,
): void {
  const { inputs, outputs, weightGradient, biasGradient } = layer;
  const { stride } = input;
  // The kernel reads its second factor from 0 on.
  const x = firstRow === 0 ? realsOf(input) : realsOf(input).subarray(firstRow * stride);
  multiply(weightGradient, null, delta, 0, 1, outputs, x, 1, stride, outputs, inputs, batch);
  biasGradient.fill(0);
  for (let r = 0, i = 0; r < batch; r++) {
    for (let c = 0; c < outputs; c++, i++) biasGradient[c] = (biasGradient[c] ?? 0) + (delta[i] ?? 0);
  }
}

/** δ W, [batch][inputs]. */
function gradientBelow(out: Float64Array, layer: LinearLayer, delta: Float64Array, batch: number): void {
  const { inputs, outputs, weight } = layer;
  multiply(out, null, delta, 0, outputs, 1, weight, 1, inputs, batch, inputs, outputs);
}

function activate(activation: Activation, values: Float64Array, count: number): void {
  if (activation === 'tanh') tanhInPlace(values, count);
  // What is not a number stays so, and is noticed.
  else for (let i = 0; i < count; i++) if ((values[i] ?? 0) < 0) values[i] = 0;
}

/** tanh' = 1 - tanh²; relu' = 1 where the result is positive. */
function throughActivation(
  activation: Activation,
  delta: Float64Array,
  result: Float64Array,
  count: number,
): void {
  if (activation === 'tanh') {
    for (let i = 0; i < count; i++) {
      const y = result[i] ?? 0;
      delta[i] = (delta[i] ?? 0) * (1 - y * y);
    }
  } else {
    for (let i = 0; i < count; i++) if (!((result[i] ?? 0) > 0)) delta[i] = 0;
  }
}
