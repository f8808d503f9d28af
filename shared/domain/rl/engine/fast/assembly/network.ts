import { multiply, multiplyTransposed, sumRows, transpose } from './dense';
import { Layer, layerOf, Network, RELU } from './layout';
import { narrowForward } from './narrow';
import { reluRows } from './relu';
import { BLOCK, combine, GATE, list, PLAIN, RECTIFY } from './sparse';
import { tanhRows, throughTanh } from './tanh';

/** Every layer's output for `batch` rows of `input`. */
export function forward(network: Network, input: usize, inputStride: usize, batch: i32): void {
  const last = network.layers - 1;
  const relu = network.activation == RELU;
  for (let l = 0; l <= last; l++) {
    const layer = layerOf(network, l);
    if (layer.narrow > 0) narrowForward(layer, input, inputStride, batch);
    else if (relu && l > 0) {
      const finish = l < last ? RECTIFY : PLAIN;
      sparseForward(layer, network.scratch, input, inputStride, batch, finish);
    } else {
      denseForward(layer, input, inputStride, batch);
      if (l < last) {
        if (relu) reluRows(layer.output, layer.stride, batch, layer.outputs);
        else tanhRows(layer.output, layer.stride, batch, layer.outputs);
      }
    }
    input = layer.output;
    inputStride = layer.stride;
  }
}

function denseForward(layer: Layer, x: usize, xStride: usize, batch: i32): void {
  multiply(
    layer.output,
    layer.stride,
    x,
    xStride,
    layer.weights,
    layer.weightStride,
    layer.bias,
    batch,
    layer.outputs,
    layer.inputs,
  );
}

/** For an input that is half zeros. */
function sparseForward(
  layer: Layer,
  scratch: usize,
  x: usize,
  xStride: usize,
  batch: i32,
  finish: i32,
): void {
  const listStride = <usize>(layer.inputs + 1) << 3;
  const ends = scratch;
  const lists = scratch + (BLOCK << 2);
  for (let first = 0; first < batch; first += BLOCK) {
    const rows = min(BLOCK, batch - first);
    const from = x + <usize>first * xStride;
    const to = layer.output + <usize>first * layer.stride;
    list(lists, listStride, ends, from, xStride, 4, rows, layer.inputs, layer.weightStride);
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
      layer.outputs,
      finish,
      0,
    );
  }
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
    if (byParameters) parameterGradients(layer, network.scratch, below.output, below.stride, batch, relu);
    if (relu) sparseGradientBelow(layer, below, network.scratch, batch);
    else {
      denseGradientBelow(below.delta, below.stride, layer, network.scratch, batch);
      throughTanh(below.delta, below.output, below.stride, batch, below.outputs);
    }
  }
  const first = layerOf(network, 0);
  if (byParameters) parameterGradients(first, network.scratch, input, inputStride, batch, false);
  if (byInput)
    denseGradientBelow(network.inputGradient, network.inputGradientStride, first, network.scratch, batch);
}

/** @param sparse whether x is half zeros */
function parameterGradients(
  layer: Layer,
  scratch: usize,
  x: usize,
  xStride: usize,
  batch: i32,
  sparse: bool,
): void {
  const delta = layer.delta;
  const stride = layer.stride;
  // A narrow layer's row of weights is the sum of the rows of x, weighed with a column of delta.
  if (layer.narrow > 0)
    sparseWeightGradient(layer, scratch, delta, stride, layer.narrow, x, xStride, layer.inputs, batch);
  else if (sparse)
    sparseWeightGradient(layer, scratch, x, xStride, layer.inputs, delta, stride, layer.outputs, batch);
  else {
    multiplyTransposed(
      layer.weightGradient,
      layer.weightStride,
      x,
      xStride,
      delta,
      stride,
      layer.inputs,
      layer.outputs,
      batch,
    );
  }
  sumRows(layer.biasGradient, delta, stride, batch, layer.outputs);
}

/** aᵀ b for a [batch][rows], which has zeros, and b [batch][columns]. */
function sparseWeightGradient(
  layer: Layer,
  scratch: usize,
  a: usize,
  aStride: usize,
  rows: i32,
  b: usize,
  bStride: usize,
  columns: i32,
  batch: i32,
): void {
  const listStride = <usize>(BLOCK + 1) << 3;
  const ends = scratch;
  const lists = scratch + (<usize>rows << 2);
  const gradient = layer.weightGradient;
  const gradientStride = layer.weightStride;
  memory.fill(gradient, 0, <usize>rows * gradientStride);
  for (let first = 0; first < batch; first += BLOCK) {
    const steps = min(BLOCK, batch - first);
    list(lists, listStride, ends, a + <usize>first * aStride, 4, aStride, rows, steps, bStride);
    combine(
      gradient,
      gradientStride,
      lists,
      listStride,
      ends,
      b + <usize>first * bStride,
      gradient,
      gradientStride,
      rows,
      columns,
      PLAIN,
      0,
    );
  }
}

/** The weights as [outputs][inputs]: where they lie, or a copy in `scratch`. */
function turnedWeights(layer: Layer, scratch: usize): usize {
  if (layer.narrow > 0) return layer.weights;
  transpose(scratch, turnedStride(layer), layer.weights, layer.weightStride, layer.inputs, layer.outputs);
  return scratch;
}

/** A copy's rows have a cache line more than needed: see the host's strideOf. */
function turnedStride(layer: Layer): usize {
  return layer.narrow > 0 ? layer.weightStride : <usize>(layer.inputs + 16) << 2;
}

/** How many rows the turned weights have. */
function turnedRows(layer: Layer): i32 {
  return layer.narrow > 0 ? layer.narrow : layer.outputs;
}

/** The gradient by a layer's input. */
function denseGradientBelow(out: usize, outStride: usize, layer: Layer, scratch: usize, batch: i32): void {
  multiply(
    out,
    outStride,
    layer.delta,
    layer.stride,
    turnedWeights(layer, scratch),
    turnedStride(layer),
    0,
    batch,
    layer.inputs,
    turnedRows(layer),
  );
}

/** The delta of the layer below, through its ReLU, from a delta with zeros. */
function sparseGradientBelow(layer: Layer, below: Layer, scratch: usize, batch: i32): void {
  const turned = turnedWeights(layer, scratch);
  const step = turnedStride(layer);
  const steps = turnedRows(layer);
  const zeros = scratch + <usize>layer.outputs * (<usize>(layer.inputs + 16) << 2);
  const ends = zeros + (<usize>layer.inputs << 2);
  const lists = ends + (BLOCK << 2);
  const listStride = <usize>(steps + 1) << 3;
  memory.fill(zeros, 0, <usize>layer.inputs << 2);
  for (let first = 0; first < batch; first += BLOCK) {
    const rows = min(BLOCK, batch - first);
    const from = layer.delta + <usize>first * layer.stride;
    const to = below.delta + <usize>first * below.stride;
    const gate = below.output + <usize>first * below.stride;
    list(lists, listStride, ends, from, layer.stride, 4, rows, steps, step);
    combine(to, below.stride, lists, listStride, ends, turned, zeros, 0, rows, layer.inputs, GATE, gate);
  }
}
