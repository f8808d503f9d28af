/**
 * Rows' posteriors over nodes of θ, and persons by cell and node, in float64, two nodes at a time. Tables have a row of
 * numbers by node for each cell. If there is an odd number of nodes, the last two numbers that are taken of a row reach
 * into the next one, to which 0 is added; after a table there is room for one number. Other arrays by node have an even
 * length. Addresses are in bytes.
 */
import { total } from './sums';
import { exponential, logarithm } from './transcendental';

/** Smaller posteriors than e^−37 = 1e-16 of the largest do not count. */
const NEGLIGIBLE: f64 = -37;

/** Adds two numbers to those at `to`. */
@inline
export function add(to: usize, value: v128): void {
  v128.store(to, f64x2.add(v128.load(to), value));
}

/** Bytes of an array by node. */
@inline
function widthOf(nodes: i32): usize {
  return <usize>((nodes + 1) & ~1) << 3;
}

@inline
function rowOf(table: usize, cell: usize, nodes: i32): usize {
  return table + ((<usize>load<u32>(cell) * <usize>nodes) << 3);
}

/**
 * Adds the rows of `cells` to `sum`.
 * @param cells numbers of cells, u32 [count]
 */
export function addRows(table: usize, cells: usize, count: i32, nodes: i32, sum: usize): void {
  const width = widthOf(nodes);
  for (; count > 0; count--) {
    const row = rowOf(table, cells, nodes);
    for (let q: usize = 0; q < width; q += 16) add(sum + q, v128.load(row + q));
    cells += 4;
  }
}

/** Adds those of `values` from the byte `lower` to before `upper` to the rows of `cells`. */
@inline
function addPart(values: usize, lower: usize, upper: usize, table: usize, cells: usize, count: i32, nodes: i32): void {
  for (; count > 0; count--) {
    const row = rowOf(table, cells, nodes);
    for (let q = lower; q < upper; q += 16) add(row + q, v128.load(values + q));
    cells += 4;
  }
}

/** Adds `values` to the rows of `cells`; beyond the last node it must be 0. */
export function addToRows(values: usize, table: usize, cells: usize, count: i32, nodes: i32): void {
  addPart(values, 0, widthOf(nodes), table, cells, count, nodes);
}

/** Σ of slopes and intercepts of `cells`. */
@inline
function sumOfLines(lines: usize, cells: usize, count: i32): v128 {
  let sum = f64x2.splat(0);
  for (; count > 0; count--) {
    sum = f64x2.add(sum, v128.load(lines + (<usize>load<u32>(cells) << 4)));
    cells += 4;
  }
  return sum;
}

@inline
function largest(values: usize, width: usize): f64 {
  let most = v128.load(values);
  for (let q: usize = 16; q < width; q += 16) most = f64x2.pmax(most, v128.load(values + q));
  return max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
}

/**
 * The posterior of a row, whose cells are `linear`, with ln P = slope θ + intercept, and `tabled`, with ln P in the table;
 * adds its persons to the counts of these cells and to those of its group.
 *
 * @param cells u32 [linear + tabled], those with a line first
 * @param lines slope and intercept of each cell, f64 [cells][2]
 * @param table ln P, f64 [cells][nodes]
 * @param counts f64 [cells][nodes]
 * @param arrays by node: θ; ln of the weights and of what the rows of the group have in common, −∞ beyond the last node;
 * then three that are written: the posterior, its sum 1; the same times `persons`; the sum of those over the group. f64
 * [5][even number of nodes]
 * @param range is given the first node where the posterior counts and the one after the last, u32 [2]; elsewhere the
 * posterior has no meaning
 * @returns persons · ln Σ P
 */
export function addPosterior(
  cells: usize,
  linear: i32,
  tabled: i32,
  persons: f64,
  lines: usize,
  table: usize,
  counts: usize,
  arrays: usize,
  nodes: i32,
  range: usize,
): f64 {
  const width = widthOf(nodes);
  const common = arrays + width;
  const posterior = common + width;
  const weighted = posterior + width;
  const group = weighted + width;

  const line = sumOfLines(lines, cells, linear);
  const slope = v128.shuffle<f64>(line, line, 0, 0);
  for (let q: usize = 0; q < width; q += 16)
    v128.store(posterior + q, f64x2.add(v128.load(common + q), f64x2.mul(slope, v128.load(arrays + q))));
  addRows(table, cells + (<usize>linear << 2), tabled, nodes, posterior);

  const highest = largest(posterior, width);
  const least = f64x2.splat(highest + NEGLIGIBLE);
  let lower: usize = 0;
  let upper = width;
  while (lower < upper && !v128.any_true(f64x2.ge(v128.load(posterior + lower), least))) lower += 16;
  while (lower < upper && !v128.any_true(f64x2.ge(v128.load(posterior + upper - 16), least))) upper -= 16;

  let sum = f64x2.splat(0);
  for (let q = lower; q < upper; q += 16) {
    const log = v128.load(posterior + q);
    const ratio = exponential(f64x2.sub(log, f64x2.splat(highest)));
    const counted = v128.and(ratio, f64x2.ge(log, least));
    v128.store(posterior + q, counted);
    sum = f64x2.add(sum, counted);
  }
  const share = f64x2.splat(1 / total(sum));
  for (let q = lower; q < upper; q += 16) {
    const value = f64x2.mul(v128.load(posterior + q), share);
    const part = f64x2.mul(value, f64x2.splat(persons));
    v128.store(posterior + q, value);
    v128.store(weighted + q, part);
    add(group + q, part);
  }
  addPart(weighted, lower, upper, counts, cells, linear + tabled, nodes);

  store<u32>(range, <u32>(lower >> 3));
  store<u32>(range, min(<u32>(upper >> 3), <u32>nodes), 4);
  return persons * (highest + f64x2.extract_lane(line, 1) - f64x2.extract_lane(logarithm(share), 0));
}
