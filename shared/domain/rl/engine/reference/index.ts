import type { Engine, ParameterSet } from '../engine.ts';
import { ReferenceAdam } from './adam.ts';
import { denseMatrix } from './network.ts';
import { ReferenceParameters } from './parameters.ts';

/** The engine in plain TypeScript and 64 bits: what the other is compared with. */
export const referenceEngine: Engine = {
  name: 'reference',
  version: 'reference-1',
  matrix: denseMatrix,
  parameters: (plan) => new ReferenceParameters(plan),
  adam(parameters, epsilon) {
    const { values, gradients } = ours(parameters);
    return new ReferenceAdam(values, gradients, epsilon);
  },
  blend(target, source, tau) {
    const to = ours(target).values;
    const from = ours(source).values;
    if (to.length !== from.length) throw new RangeError('the parameters are of different plans');
    if (tau === 1) to.set(from);
    else for (let i = 0; i < to.length; i++) to[i] = (1 - tau) * (to[i] ?? 0) + tau * (from[i] ?? 0);
  },
};

function ours(parameters: ParameterSet): ReferenceParameters {
  if (parameters instanceof ReferenceParameters) return parameters;
  throw new TypeError('the parameters belong to another engine');
}
