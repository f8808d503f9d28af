import type { Matrix, Network } from '../../engine/engine.ts';
import { exp, log } from '../../numeric.ts';
import type { Pcg64 } from '../../random/pcg64.ts';
import { greatest } from '../policy.ts';
import type { ActionDistribution } from './distribution.ts';

/** One of several actions, with probabilities from a network's logits. */
export class Categorical implements ActionDistribution {
  readonly actionSize = 1;
  readonly #network: Network;

  constructor(network: Network) {
    this.#network = network;
  }

  /** Afterwards the network's output holds normalised log-probabilities. */
  forward(input: Matrix, batch: number, firstRow = 0): void {
    this.#network.forward(input, batch, firstRow);
    logSoftmaxInPlace(this.#network.output, batch);
  }

  /** By inverting the distribution. */
  sample(row: number, actions: Float64Array, at: number, random: Pcg64): number {
    const { data, columns, stride } = this.#network.output;
    const u = random.random();
    let cumulative = 0;
    let action = 0;
    for (; action < columns - 1; action++) {
      cumulative += exp(data[row * stride + action] ?? 0);
      if (u < cumulative) break;
    }
    actions[at] = action;
    return data[row * stride + action] ?? 0;
  }

  /** The most probable one. */
  decide(row: number, actions: Float64Array, at: number): void {
    actions[at] = greatest(this.#network.output, row);
  }

  logProbability(row: number, actions: Float64Array, at: number): number {
    const { data, stride } = this.#network.output;
    return data[row * stride + (actions[at] ?? 0)] ?? 0;
  }

  /** With p = softmax and H its entropy: d ln p_a / dz_j = [j = a] - p_j and dH / dz_j = -p_j (ln p_j + H). */
  differentiate(
    row: number,
    actions: Float64Array,
    at: number,
    byLogProbability: number,
    entropyWeight: number,
  ): number {
    const { output, outputGradient } = this.#network;
    const { data: logProbs, columns } = output;
    const { data: gradient } = outputGradient;
    const from = row * output.stride;
    const to = row * outputGradient.stride;
    const action = actions[at] ?? 0;
    let entropy = 0;
    for (let j = 0; j < columns; j++) {
      const logProb = logProbs[from + j] ?? 0;
      const probability = exp(logProb);
      entropy -= probability * logProb;
      gradient[to + j] = probability;
    }
    for (let j = 0; j < columns; j++) {
      const probability = gradient[to + j] ?? 0;
      const chosen = j === action ? 1 : 0;
      gradient[to + j] =
        byLogProbability * (chosen - probability) +
        entropyWeight * probability * ((logProbs[from + j] ?? 0) + entropy);
    }
    return entropy;
  }

  backward(input: Matrix, batch: number): void {
    this.#network.backward(input, batch, 'parameters');
  }
}

/** Turns each row of logits into normalised log-probabilities, in place: z - max - ln Σ exp(z - max). */
export function logSoftmaxInPlace({ data, columns, stride }: Matrix, batch: number): void {
  for (let r = 0; r < batch; r++) {
    const start = r * stride;
    const end = start + columns;
    let largest = Number.NEGATIVE_INFINITY;
    for (let j = start; j < end; j++) largest = Math.max(largest, data[j] ?? 0);
    let sum = 0;
    for (let j = start; j < end; j++) sum += exp((data[j] ?? 0) - largest);
    const shift = largest + log(sum);
    for (let j = start; j < end; j++) data[j] = (data[j] ?? 0) - shift;
  }
}
