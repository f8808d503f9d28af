/**
 * What the host writes into memory about a network, once. Widths are padded to 4, strides are in bytes, addresses of
 * vectors of four are multiples of 16. What pads a row of weights, gradients or activations is 0 and stays so.
 */
@unmanaged
export class Layer {
  /** Rows of the weights. */
  inputs: i32;
  /** Columns of the weights. */
  outputs: i32;
  /** The outputs of a last layer whose weights lie [outputs][inputs], see narrow.ts; otherwise 0. */
  narrow: i32;
  /** Weights lie transposed, [inputs][outputs]: a vector of four belongs to four outputs. */
  weights: usize;
  weightStride: usize;
  bias: usize;
  weightGradient: usize;
  biasGradient: usize;
  /** After the activation, [batch][outputs]. */
  output: usize;
  /** d loss / d affine output, [batch][outputs]. */
  delta: usize;
  /** Of `output` and `delta`. */
  stride: usize;
}

@unmanaged
export class Network {
  layers: i32;
  /** 0: tanh, 1: ReLU. */
  activation: i32;
  inputGradient: usize;
  inputGradientStride: usize;
  /** Room for one call's working copies; networks share it. */
  scratch: usize;
}

export const TANH: i32 = 0;
export const RELU: i32 = 1;

/** The layers follow their network. */
@inline
export function layerOf(network: Network, index: i32): Layer {
  return changetype<Layer>(
    changetype<usize>(network) + offsetof<Network>() + <usize>index * offsetof<Layer>(),
  );
}
