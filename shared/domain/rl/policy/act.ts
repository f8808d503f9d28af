import { tanh, tanhInPlace } from '../numeric.ts';
import { InvalidPolicy } from './invalid-policy.ts';
import { inputSize, type Policy, type PolicyLayer } from './policy.ts';

/** An action: the integer of a Discrete space, or the numbers of a Box. */
export type Action = number | Float64Array;

/**
 * The policy as a function: from an encoded observation (`inputSize` numbers, as `Environment.observeFlat` writes
 * them) to the deterministic action, in float64. It keeps its buffers: an action that is an array is overwritten by
 * the next call. The function throws InvalidPolicy where weights are so large that a continuous action is NaN.
 *
 *     const act = createActor(policy);
 *     environment.observeFlat(observation);
 *     environment.step(act(observation));
 */
export function createActor(policy: Policy): (observation: Float64Array) => Action {
  const normalized = new Float64Array(inputSize(policy.observation));
  const passes = policy.layers.map(forwardPass);
  const decide = decision(policy);
  return (observation) => {
    let x: Float64Array = observation;
    if (policy.normalization !== null) {
      normalize(observation, policy.normalization, normalized);
      x = normalized;
    }
    for (const pass of passes) x = pass(x);
    return decide(x);
  };
}

/** The network's output before it becomes an action: logits, values of actions, or means. */
export function networkOutput(policy: Policy, observation: ArrayLike<number>): Float64Array {
  let x = Float64Array.from(observation);
  if (policy.normalization !== null) normalize(x, policy.normalization, x);
  for (const layer of policy.layers) x = forwardPass(layer)(x);
  return x;
}

function normalize(
  source: Float64Array,
  { mean, var: variance, clip, epsilon }: NonNullable<Policy['normalization']>,
  target: Float64Array,
): void {
  for (let i = 0; i < target.length; i++) {
    const x = ((source[i] ?? 0) - (mean[i] ?? 0)) / Math.sqrt((variance[i] ?? 1) + epsilon);
    target[i] = Math.min(Math.max(x, -clip), clip);
  }
}

function forwardPass({ inputs, outputs, weight, bias, activation }: PolicyLayer) {
  const output = new Float64Array(outputs);
  return (input: Float64Array): Float64Array<ArrayBuffer> => {
    for (let row = 0, at = 0; row < outputs; row++) {
      let sum = bias[row] ?? 0;
      for (let i = 0; i < inputs; i++, at++) sum += (weight[at] ?? 0) * (input[i] ?? 0);
      output[row] = activation === 'relu' && sum < 0 ? 0 : sum;
    }
    if (activation === 'tanh') tanhInPlace(output, outputs);
    return output;
  };
}

function decision({ head }: Policy): (output: Float64Array) => Action {
  if (head.kind === 'argmax' || head.kind === 'q_values') return indexOfHighest;
  const { low, high } = head;
  const action = new Float64Array(low.length);
  if (head.kind === 'clipped')
    return (output) => {
      for (let i = 0; i < action.length; i++)
        action[i] = Math.min(Math.max(number(output[i]), low[i] ?? 0), high[i] ?? 0);
      return action;
    };
  const limit = head.mean_limit ?? Number.POSITIVE_INFINITY;
  return (output) => {
    for (let i = 0; i < action.length; i++) {
      const squashed = tanh(Math.min(Math.max(number(output[i]), -limit), limit));
      const from = low[i] ?? 0;
      action[i] = from + 0.5 * (squashed + 1) * ((high[i] ?? 0) - from);
    }
    return action;
  };
}

/** Finite weights may still overflow on their way. */
function number(x = 0): number {
  if (Number.isNaN(x))
    throw new InvalidPolicy('not_finite', 'the action', 'is no number: the weights are too large');
  return x;
}

/** The first of the highest, as NumPy's and PyTorch's argmax. */
function indexOfHighest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i;
  return best;
}
