/**
 * A last layer of few outputs. Its weights lie as in PyTorch, [outputs][inputs], and a vector of four belongs to
 * four inputs: padded to four outputs, one value would cost as much as four.
 */
import { Layer } from './layout';

@inline
function mac(sum: v128, x: v128, w: v128): v128 {
  return f32x4.add(sum, f32x4.mul(x, w));
}

/** The layer's affine output. */
export function narrowForward(layer: Layer, x: usize, xStride: usize, batch: i32): void {
  const width = <usize>layer.inputs << 2;
  for (let o = 0; o < layer.narrow; o++) {
    const at = <usize>o << 2;
    const w = layer.weights + <usize>o * layer.weightStride;
    const bias = load<f32>(layer.bias + at);
    let from = x;
    let to = layer.output + at;
    let r = 0;
    for (; r + 4 <= batch; r += 4) {
      fourDots(to, layer.stride, from, xStride, w, width, bias);
      from += xStride << 2;
      to += layer.stride << 2;
    }
    for (; r < batch; r++) {
      store<f32>(to, dot(from, w, width) + bias);
      from += xStride;
      to += layer.stride;
    }
  }
}

@inline
function fourDots(
  y: usize,
  yStride: usize,
  x: usize,
  xStride: usize,
  w: usize,
  width: usize,
  bias: f32,
): void {
  const x1 = x + xStride;
  const x2 = x1 + xStride;
  const x3 = x2 + xStride;
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let at: usize = 0; at < width; at += 16) {
    const a = v128.load(w + at);
    s0 = mac(s0, v128.load(x + at), a);
    s1 = mac(s1, v128.load(x1 + at), a);
    s2 = mac(s2, v128.load(x2 + at), a);
    s3 = mac(s3, v128.load(x3 + at), a);
  }
  store<f32>(y, sumOf(s0) + bias);
  y += yStride;
  store<f32>(y, sumOf(s1) + bias);
  y += yStride;
  store<f32>(y, sumOf(s2) + bias);
  y += yStride;
  store<f32>(y, sumOf(s3) + bias);
}

function dot(x: usize, w: usize, width: usize): f32 {
  let s = f32x4.splat(0);
  for (let at: usize = 0; at < width; at += 16) s = mac(s, v128.load(x + at), v128.load(w + at));
  return sumOf(s);
}

@inline
function sumOf(s: v128): f32 {
  const pairs = f32x4.add(s, v128.shuffle<f32>(s, s, 1, 0, 3, 2));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 2);
}
