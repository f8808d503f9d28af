import { at } from '../bank.ts';
import { createKernelPoint, type KernelPoint } from './kernels/kernel.ts';
import { isItemFeasible, kernels, type Layout } from './layout.ts';
import { choleskyInPlace, solveWithCholesky } from './linear-algebra.ts';
import { createPriorTerms, type Priors, type PriorTerms, priorTerms } from './priors.ts';
import type { Patterns } from './responses.ts';

/** The M-step over one item's expected counts. */
export interface Maximisation {
  /** Moves `values` towards the maximum of Σ counts ln P + ln prior. */
  run(counts: Float64Array, theta: Float64Array, values: Float64Array): void;
}

/** Fisher scoring steps in one M-step; more would not make EM converge faster. */
const STEPS = 2;
/** Longest step in logits, so that a poor start does not throw an item away. */
const LONGEST = 1.5;
/** Steps are halved at most so often, until the thresholds of GRM are in order. */
const HALVINGS = 30;

interface ItemRoom {
  readonly item: number;
  readonly from: number;
  readonly n: number;
  readonly point: KernelPoint;
  readonly prior: PriorTerms;
  readonly gradient: Float64Array;
  readonly information: Float64Array;
  /** Parameters that stay. */
  readonly held: readonly number[];
}

export function createMaximisation(patterns: Patterns, layout: Layout, priors: Priors): Maximisation {
  const rooms: ItemRoom[] = [];
  layout.items.forEach(({ fixed, categories }, item) => {
    const from = at(layout.from, item);
    const n = at(layout.from, item + 1) - from;
    if (fixed !== undefined) return;
    const [gradient, information] = [new Float64Array(n), new Float64Array(n * n)];
    const point = createKernelPoint(categories, n);
    const held = Array.from({ length: n }, (_, i) => i).filter((i) => at(layout.free, from + i) < 0);
    rooms.push({ item, from, n, point, prior: createPriorTerms(n), gradient, information, held });
  });
  const shared = rooms.filter(({ item }) => layout.sharing.includes(item));
  const alone = rooms.filter(({ item }) => !layout.sharing.includes(item));
  const positive = priors.a !== undefined || priors.b !== undefined;
  return {
    run(counts, theta, values) {
      const score = (room: ItemRoom) => scoreItem(room, patterns, layout, priors, counts, theta, values);
      for (let step = 0; step < STEPS; step++) {
        for (const room of alone) {
          score(room);
          stepAlone(room, layout, positive, values);
        }
        if (shared.length > 0) {
          shared.forEach(score);
          stepTogether(shared, values);
        }
      }
    },
  };
}

/** Gradient and expected information of one item: Σ_q Σ_k r_kq s_k and Σ_q n_q Σ_k P_k s_k s_kᵀ. */
function scoreItem(
  room: ItemRoom,
  { firstCell }: Patterns,
  layout: Layout,
  priors: Priors,
  counts: Float64Array,
  theta: Float64Array,
  values: Float64Array,
): void {
  const { item, from, n, point, prior, gradient, information } = room;
  const plan = layout.items[item];
  if (plan === undefined || plan.fixed !== undefined) return;
  const { probability, score } = point;
  const { categories } = plan;
  const kernel = kernels[plan.model];
  const nodes = theta.length;
  const first = at(firstCell, item) * nodes;
  priorTerms(layout, priors, values, item, prior);
  gradient.set(prior.gradient);
  information.set(prior.information);
  for (let q = 0; q < nodes; q++) {
    let persons = 0;
    for (let k = 0; k < categories; k++) persons += counts[first + k * nodes + q] ?? 0;
    if (!(persons > 1e-12)) continue;
    kernel.evaluate(values, from, categories, theta[q] ?? 0, point);
    for (let k = 0; k < categories; k++) {
      const seen = counts[first + k * nodes + q] ?? 0;
      const weight = persons * (probability[k] ?? 0);
      for (let i = 0; i < n; i++) {
        const s = score[k * n + i] ?? 0;
        gradient[i] = (gradient[i] ?? 0) + seen * s;
        const ws = weight * s;
        for (let j = 0; j <= i; j++)
          information[i * n + j] = (information[i * n + j] ?? 0) + ws * (score[k * n + j] ?? 0);
      }
    }
  }
}

/** @param positive whether the slope must stay above 0, where its prior and that of b = −d/α are defined */
function stepAlone(
  { item, from, n, gradient, information, held }: ItemRoom,
  layout: Layout,
  positive: boolean,
  values: Float64Array,
): void {
  for (let i = 0; i < n; i++) information[i * n + i] = (information[i * n + i] ?? 0) * (1 + 1e-12) + 1e-12;
  for (const i of held) {
    gradient[i] = 0;
    for (let j = 0; j < n; j++) {
      information[i * n + j] = i === j ? 1 : 0;
      information[j * n + i] = i === j ? 1 : 0;
    }
  }
  if (!choleskyInPlace(information, n)) return;
  solveWithCholesky(information, n, gradient);
  let length = 0;
  for (let i = 0; i < n; i++) length = Math.max(length, Math.abs(at(gradient, i)));
  let scale = length > LONGEST ? LONGEST / length : 1;
  const before = values.slice(from, from + n);
  for (let halving = 0; halving < HALVINGS; halving++, scale /= 2) {
    for (let i = 0; i < n; i++) values[from + i] = at(before, i) + scale * at(gradient, i);
    if (isItemFeasible(layout, values, item) && !(positive && at(values, from) <= 0)) return;
  }
  values.set(before, from);
}

/**
 * Items that share their slope: the information is an arrow, whose corner follows once each intercept is
 * eliminated.
 */
function stepTogether(rooms: readonly ItemRoom[], values: Float64Array): void {
  let gradient = 0;
  let information = 0;
  for (const { gradient: g, information: h } of rooms) {
    const share = at(h, 2) / at(h, 3);
    gradient += at(g, 0) - share * at(g, 1);
    information += at(h, 0) - share * at(h, 2);
  }
  const stays = rooms.some(({ held }) => held.length > 0);
  const step = stays ? 0 : limited(gradient / information);
  for (const { from, gradient: g, information: h } of rooms) {
    values[from] = at(values, from) + step;
    values[from + 1] = at(values, from + 1) + limited((at(g, 1) - at(h, 2) * step) / at(h, 3));
  }
}

const limited = (step: number): number =>
  Math.max(-LONGEST, Math.min(LONGEST, Number.isFinite(step) ? step : 0));
