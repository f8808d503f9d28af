/**
 * Adam (Kingma and Ba 2015, algorithm 1) as PyTorch computes it:
 * θ -= lr/(1-β₁ᵗ) · m / (√v/√(1-β₂ᵗ) + ε).
 */
export class Adam {
  /** First moments. */
  readonly m: Float64Array;
  /** Second moments. */
  readonly v: Float64Array;
  /** Steps taken; β₁ᵗ and β₂ᵗ. Together with `m` and `v` the whole state. */
  readonly counters = Float64Array.of(0, 1, 1);
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #epsilon: number;

  /** @param epsilon 1e-5 for PPO, 1e-8 by PyTorch's default */
  constructor(size: number, epsilon: number, beta1 = 0.9, beta2 = 0.999) {
    this.m = new Float64Array(size);
    this.v = new Float64Array(size);
    this.#epsilon = epsilon;
    this.#beta1 = beta1;
    this.#beta2 = beta2;
  }

  /** Moves `parameters` one step against `gradients`. */
  step(parameters: Float64Array, gradients: Float64Array, learningRate: number): void {
    const { m, v, counters } = this;
    const beta1 = this.#beta1;
    const beta2 = this.#beta2;
    const epsilon = this.#epsilon;
    const power1 = (counters[1] ?? 1) * beta1;
    const power2 = (counters[2] ?? 1) * beta2;
    counters[0] = (counters[0] ?? 0) + 1;
    counters[1] = power1;
    counters[2] = power2;
    const stepSize = learningRate / (1 - power1);
    const rootCorrection = 1 / Math.sqrt(1 - power2);
    for (let i = 0; i < parameters.length; i++) {
      const g = gradients[i] ?? 0;
      const first = beta1 * (m[i] ?? 0) + (1 - beta1) * g;
      const second = beta2 * (v[i] ?? 0) + (1 - beta2) * g * g;
      m[i] = first;
      v[i] = second;
      parameters[i] =
        (parameters[i] ?? 0) - (stepSize * first) / (Math.sqrt(second) * rootCorrection + epsilon);
    }
  }
}

/**
 * Scales `gradients` so that their Euclidean norm is at most `maxNorm`:
 * times min(1, maxNorm / (norm + 1e-6)), as `torch.nn.utils.clip_grad_norm_`.
 * @returns the norm before scaling
 */
export function clipGradientNorm(gradients: Float64Array, maxNorm: number): number {
  let squares = 0;
  for (let i = 0; i < gradients.length; i++) squares += (gradients[i] ?? 0) * (gradients[i] ?? 0);
  const norm = Math.sqrt(squares);
  const scale = maxNorm / (norm + 1e-6);
  if (scale < 1) for (let i = 0; i < gradients.length; i++) gradients[i] = (gradients[i] ?? 0) * scale;
  return norm;
}
