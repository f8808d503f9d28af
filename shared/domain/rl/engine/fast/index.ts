import type { Engine, ParameterSet } from '../engine.ts';
import { FastAdam } from './adam.ts';
import { version } from './kernels.ts';
import { FastMatrix } from './matrix.ts';
import { Memory } from './memory.ts';
import { FastParameters } from './parameters.ts';

/**
 * The engine in WebAssembly with SIMD and 32 bits. Nothing in it depends on the machine: IEEE 754's operations in a
 * fixed order, no relaxed SIMD, no function of the host.
 *
 * @param megabytes what its networks, batches and matrices have room in; a used engine frees nothing
 * @throws Error where WebAssembly or its SIMD is missing
 */
export function createFastEngine(megabytes?: number): Engine {
  const memory = new Memory(megabytes);
  const ours = (parameters: ParameterSet): FastParameters => {
    if (parameters instanceof FastParameters && parameters.memory === memory) return parameters;
    throw new TypeError('the parameters belong to another engine');
  };
  return {
    name: 'fast',
    version: `fast-${version}`,
    matrix: (rows, columns) => new FastMatrix(memory, rows, columns),
    parameters: (plan) => new FastParameters(memory, plan),
    adam: (parameters, epsilon) => new FastAdam(ours(parameters), epsilon),
    blend(target, source, tau) {
      const to = ours(target).values;
      const from = ours(source).values;
      if (to.data.length !== from.data.length) throw new RangeError('the parameters are of different plans');
      if (tau === 1) to.data.set(from.data);
      else memory.kernels.blend(to.address, from.address, to.data.length, tau);
    },
  };
}
