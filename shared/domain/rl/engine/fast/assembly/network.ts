import { multiply, multiplyTransposed, sumRows, transpose } from './dense';
import { Layer, layerOf, Network, RELU, TANH } from './layout';
import { reluRows, throughRelu } from './relu';
import { BLOCK, combine, GATE, listColumns, listRows, PLAIN, RECTIFY } from './sparse';
import { tanhRows, throughTanh } from './tanh';

/** Every layer's output for `batch` rows of `input`. */
export function forward(network: Network, input: usize, inputStride: usize, batch: i32): void {
  const last = network.layers - 1;
  const relu = network.activation == RELU;
  for (let l = 0; l <= last; l++) {
    const layer = layerOf(network, l);
    const done = relu && l > 0 ? sparseForward(layer, network.scratch, input, inputStride, batch, l < last) : 0;
    if (done < layer.outputs) {
      denseForward(layer, input, inputStride, batch, done);
      const rest = layer.output + (<usize>done << 2);
      if (l < last) {
        if (relu) reluRows(rest, layer.stride, batch, layer.outputs - done);
        else tanhRows(rest, layer.stride, batch, layer.outputs - done);
      }
    }
    input = layer.output;
    inputStride = layer.stride;
  }
}

/** The columns of a layer's affine output from `first` on. */
function denseForward(layer: Layer, x: usize, xStride: usize, batch: i32, first: i32): void {
  const at = <usize>first << 2;
  multiply(
    layer.output + at,
    layer.stride,
    x,
    xStride,
    layer.weights + at,
    layer.weightStride,
    layer.bias + at,
    batch,
    layer.outputs - first,
    layer.inputs,
  );
}

/** Columns that a sparse product computes; the others take dense tiles. */
// @ts-ignore: decorator
@inline
function sparseColumns(columns: i32): i32 {
  return columns & ~31;
}

/** Returns how many columns are done. */
function sparseForward(
  layer: Layer,
  scratch: usize,
  x: usize,
  xStride: usize,
  batch: i32,
  rectified: bool,
): i32 {
  const columns = sparseColumns(layer.outputs);
  if (columns == 0) return 0;
  const listStride = <usize>(layer.inputs + 1) << 3;
  const ends = scratch;
  const lists = scratch + (BLOCK << 2);
  for (let first = 0; first < batch; first += BLOCK) {
    const rows = min(BLOCK, batch - first);
    const from = x + <usize>first * xStride;
    const to = layer.output + <usize>first * layer.stride;
    listRows(lists, listStride, ends, from, xStride, rows, layer.inputs, layer.weightStride);
    combine(
      to,
      layer.stride,
      lists,
      listStride,
      ends,
      layer.weights,
      layer.bias,
      0,
      rows,
      columns,
      rectified ? RECTIFY : PLAIN,
      0,
    );
  }
  return columns;
}

/** Gradients by the parameters, by the input, or by both, from the last layer's delta. */
export function backward(
  network: Network,
  input: usize,
  inputStride: usize,
  batch: i32,
  byParameters: bool,
  byInput: bool,
): void {
  const relu = network.activation == RELU;
  for (let l = network.layers - 1; l > 0; l--) {
    const layer = layerOf(network, l);
    const below = layerOf(network, l - 1);
    if (byParameters) {
      const done = relu ? sparseWeightGradient(layer, network.scratch, below.output, below.stride, batch) : 0;
      denseWeightGradient(layer, below.output, below.stride, batch, done);
      sumRows(layer.biasGradient, layer.delta, layer.stride, batch, layer.outputs);
    }
    const turned = turnWeights(layer, network.scratch);
    const done = relu ? sparseGradientBelow(layer, below, turned, batch) : 0;
    if (done < below.outputs) {
      const at = <usize>done << 2;
      denseGradientBelow(below.delta, below.stride, layer, turned, batch, done);
      if (relu)
        throughRelu(below.delta + at, below.output + at, below.stride, batch, below.outputs - done);
      else throughTanh(below.delta, below.output, below.stride, batch, below.outputs);
    }
  }
  const first = layerOf(network, 0);
  if (byParameters) {
    denseWeightGradient(first, input, inputStride, batch, 0);
    sumRows(first.biasGradient, first.delta, first.stride, batch, first.outputs);
  }
  if (byInput) {
    const turned = turnWeights(first, network.scratch);
    denseGradientBelow(network.inputGradient, network.inputGradientStride, first, turned, batch, 0);
  }
}

/** The columns of a layer's weight gradient from `first` on. */
function denseWeightGradient(layer: Layer, x: usize, xStride: usize, batch: i32, first: i32): void {
  if (first == layer.outputs) return;
  const at = <usize>first << 2;
  multiplyTransposed(
    layer.weightGradient + at,
    layer.weightStride,
    x,
    xStride,
    layer.delta + at,
    layer.stride,
    layer.inputs,
    layer.outputs - first,
    batch,
  );
}

/** Returns how many columns are done. */
function sparseWeightGradient(layer: Layer, scratch: usize, x: usize, xStride: usize, batch: i32): i32 {
  const columns = sparseColumns(layer.outputs);
  if (columns == 0) return 0;
  const listStride = <usize>(BLOCK + 1) << 3;
  const ends = scratch;
  const lists = scratch + (<usize>layer.inputs << 2);
  memory.fill(layer.weightGradient, 0, <usize>layer.inputs * layer.weightStride);
  for (let first = 0; first < batch; first += BLOCK) {
    const rows = min(BLOCK, batch - first);
    const from = x + <usize>first * xStride;
    listColumns(lists, listStride, ends, from, xStride, rows, layer.inputs, layer.stride);
    combine(
      layer.weightGradient,
      layer.weightStride,
      lists,
      listStride,
      ends,
      layer.delta + <usize>first * layer.stride,
      layer.weightGradient,
      layer.weightStride,
      layer.inputs,
      columns,
      PLAIN,
      0,
    );
  }
  return columns;
}

/** The weights as [outputs][inputs], without gaps; returns where. */
function turnWeights(layer: Layer, scratch: usize): usize {
  transpose(scratch, turnedStride(layer), layer.weights, layer.weightStride, layer.inputs, layer.outputs);
  return scratch;
}

/** One vector more than needed: see the host's strideOf. */
// @ts-ignore: decorator
@inline
function turnedStride(layer: Layer): usize {
  return <usize>(layer.inputs + 4) << 2;
}

/** The columns of the gradient by a layer's input from `first` on. */
function denseGradientBelow(
  out: usize,
  outStride: usize,
  layer: Layer,
  turned: usize,
  batch: i32,
  first: i32,
): void {
  const at = <usize>first << 2;
  multiply(
    out + at,
    outStride,
    layer.delta,
    layer.stride,
    turned + at,
    turnedStride(layer),
    0,
    batch,
    layer.inputs - first,
    layer.outputs,
  );
}

/** The delta of the layer below, through its ReLU; returns how many columns are done. */
function sparseGradientBelow(layer: Layer, below: Layer, turned: usize, batch: i32): i32 {
  const columns = sparseColumns(layer.inputs);
  if (columns == 0) return 0;
  const zeros = turned + <usize>layer.outputs * turnedStride(layer);
  const ends = zeros + (<usize>columns << 2);
  const lists = ends + (BLOCK << 2);
  const listStride = <usize>(layer.outputs + 1) << 3;
  memory.fill(zeros, 0, <usize>columns << 2);
  for (let first = 0; first < batch; first += BLOCK) {
    const rows = min(BLOCK, batch - first);
    const from = layer.delta + <usize>first * layer.stride;
    const to = below.delta + <usize>first * below.stride;
    const gate = below.output + <usize>first * below.stride;
    listRows(lists, listStride, ends, from, layer.stride, rows, layer.outputs, turnedStride(layer));
    combine(to, below.stride, lists, listStride, ends, turned, zeros, 0, rows, columns, GATE, gate);
  }
  return columns;
}
