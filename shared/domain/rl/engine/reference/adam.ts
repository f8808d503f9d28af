import type { Optimizer, StoredArray } from '../engine.ts';

/**
 * Adam (Kingma and Ba 2015, algorithm 1) as PyTorch computes it:
 * θ -= lr/(1-β₁ᵗ) · m / (√v/√(1-β₂ᵗ) + ε).
 */
const BETA_1 = 0.9;
const BETA_2 = 0.999;

export class ReferenceAdam implements Optimizer {
  readonly state: readonly StoredArray[];
  readonly #parameters: Float64Array;
  readonly #gradients: Float64Array;
  readonly #m: Float64Array;
  readonly #v: Float64Array;
  /** Steps taken; β₁ᵗ and β₂ᵗ. */
  readonly #counters = Float64Array.of(0, 1, 1);
  readonly #epsilon: number;

  constructor(parameters: Float64Array, gradients: Float64Array, epsilon: number) {
    this.#parameters = parameters;
    this.#gradients = gradients;
    this.#m = new Float64Array(parameters.length);
    this.#v = new Float64Array(parameters.length);
    this.#epsilon = epsilon;
    this.state = [stored('m', this.#m), stored('v', this.#v), stored('counters', this.#counters)];
  }

  step(learningRate: number, maxNorm: number | null): number {
    const norm = maxNorm === null ? 0 : clipGradientNorm(this.#gradients, maxNorm);
    this.#move(learningRate);
    return norm;
  }

  #move(learningRate: number): void {
    const parameters = this.#parameters;
    const gradients = this.#gradients;
    const m = this.#m;
    const v = this.#v;
    const counters = this.#counters;
    const epsilon = this.#epsilon;
    const power1 = (counters[1] ?? 1) * BETA_1;
    const power2 = (counters[2] ?? 1) * BETA_2;
    counters[0] = (counters[0] ?? 0) + 1;
    counters[1] = power1;
    counters[2] = power2;
    const stepSize = learningRate / (1 - power1);
    const rootCorrection = 1 / Math.sqrt(1 - power2);
    for (let i = 0; i < parameters.length; i++) {
      const g = gradients[i] ?? 0;
      const first = BETA_1 * (m[i] ?? 0) + (1 - BETA_1) * g;
      const second = BETA_2 * (v[i] ?? 0) + (1 - BETA_2) * g * g;
      m[i] = first;
      v[i] = second;
      parameters[i] =
        (parameters[i] ?? 0) - (stepSize * first) / (Math.sqrt(second) * rootCorrection + epsilon);
    }
  }
}

function stored(name: string, values: Float64Array): StoredArray {
  return {
    name,
    shape: [values.length],
    precision: 'F64',
    read: () => values.slice(),
    write: (given) => values.set(given),
  };
}

/**
 * Scales `gradients` so that their Euclidean norm is at most `maxNorm`:
 * times min(1, maxNorm / (norm + 1e-6)), as `torch.nn.utils.clip_grad_norm_`.
 * @returns the norm before scaling
 */
function clipGradientNorm(gradients: Float64Array, maxNorm: number): number {
  let squares = 0;
  for (let i = 0; i < gradients.length; i++) squares += (gradients[i] ?? 0) * (gradients[i] ?? 0);
  const norm = Math.sqrt(squares);
  const scale = maxNorm / (norm + 1e-6);
  if (scale < 1) for (let i = 0; i < gradients.length; i++) gradients[i] = (gradients[i] ?? 0) * scale;
  return norm;
}
