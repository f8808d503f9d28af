import type { Activation } from '#shared/domain/rl/engine/engine.ts';

/** The networks' mathematics as in a textbook: lists of rows, float64, nothing clever. */
export interface PlainLayer {
  /** [outputs][inputs] */
  readonly weight: number[][];
  readonly bias: number[];
}

const times = (x: number[], { weight, bias }: PlainLayer): number[] =>
  weight.map((row, j) => row.reduce((sum, w, k) => sum + w * (x[k] ?? 0), bias[j] ?? 0));

/** The outputs of all layers for one row of input, after their activation. */
export function plainForward(layers: readonly PlainLayer[], activation: Activation, input: number[]) {
  const apply = (z: number): number => (activation === 'tanh' ? Math.tanh(z) : Math.max(0, z));
  const results = [input];
  layers.forEach((layer, l) => {
    const z = times(results[l] ?? [], layer);
    results.push(l < layers.length - 1 ? z.map(apply) : z);
  });
  return results;
}

export interface PlainGradients {
  readonly layers: { weight: number[]; bias: number[] }[];
  readonly inputs: number[][];
}

/** Gradients of Σ output · outputGradient by all weights and biases, and by the inputs. */
export function plainBackward(
  layers: readonly PlainLayer[],
  activation: Activation,
  inputs: readonly number[][],
  outputGradients: readonly number[][],
): PlainGradients {
  const sums = layers.map(({ weight, bias }) => ({
    weight: weight.flat().map(() => 0),
    bias: bias.map(() => 0),
  }));
  const byInput = inputs.map((input, r) => {
    const results = plainForward(layers, activation, input);
    let delta = outputGradients[r] ?? [];
    for (let l = layers.length - 1; l >= 0; l--) {
      const below = results[l] ?? [];
      const sum = sums[l];
      delta.forEach((d, j) => {
        if (sum === undefined) return;
        sum.bias[j] = (sum.bias[j] ?? 0) + d;
        below.forEach((x, k) => {
          const at = j * below.length + k;
          sum.weight[at] = (sum.weight[at] ?? 0) + d * x;
        });
      });
      const through = below.map((_, k) =>
        (layers[l]?.weight ?? []).reduce((total, row, j) => total + (delta[j] ?? 0) * (row[k] ?? 0), 0),
      );
      const derivative = (y: number): number => (activation === 'tanh' ? 1 - y * y : y > 0 ? 1 : 0);
      delta = l > 0 ? through.map((d, k) => d * derivative(below[k] ?? 0)) : through;
    }
    return delta;
  });
  return { layers: sums, inputs: byInput };
}
