import type { Optimizer, StoredArray } from '../engine.ts';
import type { FastParameters } from './parameters.ts';
import { read, write } from './shelf.ts';

/** Adam over a whole parameter set: one call of a kernel. */
export class FastAdam implements Optimizer {
  readonly state: readonly StoredArray[];
  readonly #step: (learningRate: number, maxNorm: number) => number;

  constructor(parameters: FastParameters, epsilon: number) {
    const { memory, values, gradients, shelves } = parameters;
    const count = values.data.length;
    const m = memory.floats(count);
    const v = memory.floats(count);
    const counters = memory.doubles([0, 1, 1]);
    const { adam } = memory.kernels;
    this.#step = (learningRate, maxNorm) =>
      adam(
        values.address,
        gradients.address,
        m.address,
        v.address,
        count,
        counters.address,
        learningRate,
        epsilon,
        maxNorm,
      );
    const moments = (name: string, data: Float32Array): StoredArray => ({
      name,
      shape: [shelves.reduce((sum, { inputs, outputs }) => sum + inputs * outputs, 0)],
      precision: 'F32',
      read: () => read(shelves, data),
      write: (given) => write(shelves, data, given),
    });
    this.state = [
      moments('m', m.data),
      moments('v', v.data),
      {
        name: 'counters',
        shape: [3],
        precision: 'F64',
        read: () => counters.data.slice(),
        write: (given) => counters.data.set(given),
      },
    ];
  }

  step(learningRate: number, maxNorm: number | null): number {
    return this.#step(learningRate, maxNorm ?? -1);
  }
}
