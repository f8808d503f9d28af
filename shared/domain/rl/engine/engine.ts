/**
 * What the algorithms compute with. There are two engines with the same mathematics: the reference (plain TypeScript,
 * float64) and the fast one (WebAssembly SIMD, float32). An algorithm is written once, against these interfaces; how
 * an engine lays out its numbers is its own affair, so that it may pad, transpose and fuse.
 */

/** Numbers of an engine. A process works with one engine, so that each call site sees one kind. */
export type Reals = Float64Array | Float32Array;

/** Rows of numbers in an engine's memory: element (r, c) is `data[r * stride + c]`. What pads a row stays 0. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** At least `columns`. */
  readonly stride: number;
  readonly data: Reals;
}

export type Activation = 'tanh' | 'relu';

/** A multilayer perceptron: affine layers with an activation between them and nothing after the last. */
export interface NetworkPlan {
  readonly inputs: number;
  /** Widths of the hidden layers; none makes a single affine layer. */
  readonly hidden: readonly number[];
  readonly outputs: number;
  readonly activation: Activation;
  /** The most rows that pass through at once. */
  readonly maxBatch: number;
  /** Names of the layers, hidden ones first: `q_net.0` has the tensors `q_net.0.weight` and `q_net.0.bias`. */
  readonly names: readonly string[];
}

export interface Network {
  readonly plan: NetworkPlan;
  /** What `forward` leaves, [batch][outputs]; overwritten by the next call. */
  readonly output: Matrix;
  /** Where the caller puts d loss / d output before `backward`. */
  readonly outputGradient: Matrix;
  /** What `backward` leaves when it was asked for it: d loss / d input, [batch][inputs]. */
  readonly inputGradient: Matrix;
  /** Applies the network to `batch` rows of `input` from `firstRow` on. */
  forward(input: Matrix, batch: number, firstRow?: number): void;
  /**
   * Back-propagates `outputGradient` through what the last `forward` left for the same rows. `wanted` says whether
   * gradients are needed by the parameters (overwritten, not added), by the input, or by both.
   */
  backward(input: Matrix, batch: number, wanted: 'parameters' | 'input' | 'both', firstRow?: number): void;
}

/** The safetensors dtype that holds an array's values exactly. */
export type Precision = 'F64' | 'F32';

/** A named array that a checkpoint keeps. */
export interface StoredArray {
  readonly name: string;
  readonly shape: readonly number[];
  /** What loses no bit of `read()`: F64 for counters of doubles, also where the rest is F32. */
  readonly precision: Precision;
  /** A copy, row by row, without padding. */
  read(): Float64Array;
  /** Replaces the values; an engine of 32 bits rounds them. */
  write(values: ArrayLike<number>): void;
}

/** A named tensor of parameters in PyTorch's layout: weights [outputs][inputs], biases [outputs]. */
export interface Tensor extends StoredArray {
  readGradient(): Float64Array;
  writeGradient(values: ArrayLike<number>): void;
}

/**
 * Parameters that one optimiser moves together: those of some networks, and vectors beside them (such as the
 * state-independent `log_std`).
 */
export interface ParameterSet {
  /**
   * Vectors, then the hidden layers of all networks in turn, then their last layers: the order of an actor-critic's
   * `state_dict` in Stable-Baselines3.
   */
  readonly tensors: readonly Tensor[];
  /** A vector that belongs to no network; its numbers and gradients are written in place. */
  vector(name: string): { readonly values: Reals; readonly gradient: Reals };
  network(index: number): Network;
}

export interface ParameterPlan {
  readonly networks: readonly NetworkPlan[];
  readonly vectors?: readonly { readonly name: string; readonly length: number }[];
}

/** Adam over a parameter set. */
export interface Optimizer {
  /**
   * One step against the gradients, scaled first by min(1, maxNorm / (norm + 1e-6)) as PyTorch's `clip_grad_norm_`.
   * @param maxNorm null: not clipped
   * @returns the norm before scaling (0 when `maxNorm` is null)
   */
  step(learningRate: number, maxNorm: number | null): number;
  /** First moments, second moments, and the counters t, β₁ᵗ, β₂ᵗ: the whole state, for checkpoints. */
  readonly state: readonly StoredArray[];
}

export interface Engine {
  readonly name: 'reference' | 'fast';
  /** What a checkpoint records: the same version computes the same bits. */
  readonly version: string;
  matrix(rows: number, columns: number): Matrix;
  /** All zero. */
  parameters(plan: ParameterPlan): ParameterSet;
  /** @param epsilon 1e-5 for PPO, 1e-8 by PyTorch's default */
  adam(parameters: ParameterSet, epsilon: number): Optimizer;
  /** target ← (1 - tau) · target + tau · source, for sets of the same plan; tau 1 copies. */
  blend(target: ParameterSet, source: ParameterSet, tau: number): void;
}
