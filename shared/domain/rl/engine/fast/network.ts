import type { Matrix, Network, NetworkPlan } from '../engine.ts';
import { FastMatrix } from './matrix.ts';
import { LINE, type Memory, roundUp } from './memory.ts';

/** Where one layer's parameters and their gradients lie. */
export interface LayerPlace {
  readonly inputs: number;
  readonly outputs: number;
  /** Weights lie [outputs][inputs] as in PyTorch, otherwise turned around. */
  readonly narrow: boolean;
  readonly weights: number;
  /** From one row of weights, or of their gradient, to the next, in numbers. */
  readonly stride: number;
  readonly bias: number;
  readonly weightGradient: number;
  readonly biasGradient: number;
}

const activations = { tanh: 0, relu: 1 } as const;

/** A multilayer perceptron in the engine's memory; each pass is one call of a kernel. */
export class FastNetwork implements Network {
  readonly plan: NetworkPlan;
  readonly output: FastMatrix;
  readonly outputGradient: FastMatrix;
  readonly inputGradient: FastMatrix;
  readonly #memory: Memory;
  /** What the kernels call Network. */
  readonly #address: number;

  constructor(memory: Memory, plan: NetworkPlan, layers: readonly LayerPlace[]) {
    this.plan = plan;
    this.#memory = memory;
    const results = layers.map(({ outputs }) => ({
      output: new FastMatrix(memory, plan.maxBatch, outputs),
      delta: new FastMatrix(memory, plan.maxBatch, outputs),
    }));
    const last = results.at(-1);
    if (last === undefined) throw new RangeError('a network has at least one layer');
    this.output = last.output;
    this.outputGradient = last.delta;
    this.inputGradient = new FastMatrix(memory, plan.maxBatch, plan.inputs);
    this.#address = memory.words([
      layers.length,
      activations[plan.activation],
      this.inputGradient.address,
      4 * this.inputGradient.stride,
      memory.scratch(scratchBytes(layers)),
      ...layers.flatMap((layer, l) => describe(layer, results[l] ?? last)),
    ]);
  }

  forward(input: Matrix, batch: number, firstRow = 0): void {
    const { address, stride } = this.#checked(input, batch, firstRow);
    const bytes = 4 * stride;
    this.#memory.kernels.forward(this.#address, address + firstRow * bytes, bytes, batch);
  }

  backward(input: Matrix, batch: number, wanted: 'parameters' | 'input' | 'both', firstRow = 0): void {
    const { address, stride } = this.#checked(input, batch, firstRow);
    const bytes = 4 * stride;
    const from = address + firstRow * bytes;
    this.#memory.kernels.backward(
      this.#address,
      from,
      bytes,
      batch,
      wanted !== 'input',
      wanted !== 'parameters',
    );
  }

  /** A kernel trusts its addresses. */
  #checked(input: Matrix, batch: number, firstRow: number): FastMatrix {
    if (!(input instanceof FastMatrix) || input.memory !== this.#memory)
      throw new TypeError('the matrix belongs to another engine');
    if (
      input.columns !== this.plan.inputs ||
      firstRow < 0 ||
      firstRow + batch > input.rows ||
      batch > this.plan.maxBatch
    )
      throw new RangeError('the rows do not fit the network');
    return input;
  }
}

/** The words of the kernels' Layer. */
function describe(layer: LayerPlace, { output, delta }: { output: FastMatrix; delta: FastMatrix }): number[] {
  return [
    roundUp(layer.inputs, 4),
    output.width,
    layer.narrow ? layer.outputs : 0,
    layer.weights,
    4 * layer.stride,
    layer.bias,
    layer.weightGradient,
    layer.biasGradient,
    output.address,
    delta.address,
    4 * output.stride,
  ];
}

/** Rows of a batch that the kernels list at once. */
const BLOCK = 256;

/** Room for what `assembly/network.ts` keeps during a pass: turned weights, a row of zeros, ends, and lists. */
function scratchBytes(layers: readonly LayerPlace[]): number {
  return Math.max(
    ...layers.map(({ inputs, outputs }) => {
      const [above, below] = [roundUp(inputs, 4), roundUp(outputs, 4)];
      const turned = below * (above + LINE);
      const lists = 2 * Math.max((BLOCK + 1) * above, BLOCK * (above + 1), BLOCK * (below + 1));
      return 4 * (turned + above + Math.max(BLOCK, above) + lists);
    }),
  );
}
