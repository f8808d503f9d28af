import {
  type Bank,
  calibrationGates,
  createBank,
  type DifClass,
  difLogistic,
  difMantelHaenszel,
  type Estimate,
  estimateEap,
  expectedScore,
  type ItemFit,
  type ItemGates,
  itemFitPredictive,
  itemFitSX2,
  itemResiduals,
  type LogisticDif,
  type MantelHaenszel,
  type MeanSquares,
  type Responses,
} from '#shared/domain/irt/index.ts';
import type { Chosen } from './choose.ts';
import type { Estimated } from './estimate.ts';
import { type CalibrationInput, FOCAL, NEITHER } from './input.ts';

export interface Point {
  readonly theta: number;
  readonly n: number;
  readonly observed: number;
  readonly expected: number;
}

export interface Dif {
  readonly reference: number;
  readonly focal: number;
  readonly mantel: MantelHaenszel;
  readonly logistic: LogisticDif;
}

/** What is found about a column besides its parameters. */
export interface Judgement {
  readonly fit: (ItemFit & { readonly method: 's_x2' | 'predictive' }) | null;
  readonly residuals: MeanSquares | null;
  readonly dif: Dif | null;
  readonly points: readonly Point[];
  readonly gates: ItemGates | null;
}

export interface Judged {
  readonly columns: readonly Judgement[];
  readonly estimates: readonly Estimate[];
}

/** S-X² needs persons who answered the same items: where so many did, it is the one. */
const completeShare = 0.9;
/** Groups of persons in a plot of a curve. */
const plotGroups = 10;
/** Strata of θ in Mantel–Haenszel. */
const strata = 10;

/** Fit, differential item functioning, points of the plots, gates. */
export function judged(input: CalibrationInput, chosen: Chosen, estimated: Estimated): Judged {
  const { calibration, latent } = estimated;
  const { responses } = chosen;
  // the prior of the slopes leaves none that a bank would refuse
  const bank = createBank(
    calibration.items.map(({ parameters }) => parameters),
    { D: input.D },
  );
  const estimates = thetasOf(bank, responses, latent);
  const thetas = Float64Array.from(estimates, ({ theta }) => theta);
  const studied = calibration.items.flatMap(({ fixed }, column) => (fixed ? [] : [column]));
  const fits = fitsOf(bank, responses, studied, latent);
  const residuals = itemResiduals(bank, responses, thetas);
  const difs =
    input.groups === null ? null : difsOf(bank, responses, studied, thetas, rowGroups(input.groups, chosen));
  const evidence = {
    fit: [...fits.values()],
    ...(difs && {
      dif: [...difs].map(([item, { mantel, logistic }]) => ({
        item,
        class: worse(mantel.class, logistic.class),
      })),
    }),
  };
  const gates = new Map(
    calibrationGates(calibration, evidence, limitsOf(input)).map((one) => [one.item, one]),
  );
  const columns = calibration.items.map(
    ({ fixed }, column): Judgement => ({
      fit: fits.get(column) ?? null,
      residuals: residuals[column] ?? null,
      dif: difs?.get(column) ?? null,
      points: fixed ? [] : pointsOf(bank, responses, column, thetas),
      gates: gates.get(column) ?? null,
    }),
  );
  return { columns, estimates };
}

const limitsOf = ({ config: { gates } }: CalibrationInput) => {
  const { max_se_a, ...limits } = gates;
  return max_se_a === null ? limits : { ...limits, max_se_a };
};

/** The responses to some of the columns. */
function columnsOf({ rows, items, data, counts }: Responses, kept: readonly number[]): Responses {
  const taken = new Int8Array(rows * kept.length);
  for (let r = 0; r < rows; r++)
    kept.forEach((column, i) => {
      taken[r * kept.length + i] = data[r * items + column] ?? -1;
    });
  return { rows, items: kept.length, data: taken, counts };
}

function thetasOf(bank: Bank, { rows, items, data }: Responses, latent: Estimated['latent']): Estimate[] {
  const quadrature = { lower: latent.mean - 5 * latent.sd, upper: latent.mean + 5 * latent.sd };
  return Array.from({ length: rows }, (_, r) => {
    const given: number[] = [];
    const responses: number[] = [];
    for (let i = 0; i < items; i++) {
      const category = data[r * items + i] ?? -1;
      if (category < 0) continue;
      given.push(i);
      responses.push(category);
    }
    return estimateEap(bank, { items: given, responses }, { prior: latent, quadrature });
  });
}

function fitsOf(bank: Bank, responses: Responses, studied: readonly number[], latent: Estimated['latent']) {
  const { rows, items, data } = responses;
  let complete = 0;
  for (let r = 0; r < rows; r++) if (!data.subarray(r * items, (r + 1) * items).includes(-1)) complete++;
  const sX2 = complete >= completeShare * rows;
  const found = sX2
    ? itemFitSX2(bank, responses, latent)
    : itemFitPredictive(bank, responses, { ...latent, items: studied });
  const method = sX2 ? ('s_x2' as const) : ('predictive' as const);
  const wanted = new Set(studied);
  return new Map(found.filter(({ item }) => wanted.has(item)).map((fit) => [fit.item, { ...fit, method }]));
}

const rowGroups = (groups: Int8Array, { sessions }: Chosen): Int8Array =>
  Int8Array.from(sessions, (session) => groups[session] ?? NEITHER);

/** Of right-or-wrong items, persons matched by the estimated θ: in strata of equal size, and as it is. */
function difsOf(
  bank: Bank,
  responses: Responses,
  studied: readonly number[],
  thetas: Float64Array,
  groups: Int8Array,
): Map<number, Dif> {
  const rows = Array.from(groups.keys()).filter((r) => groups[r] !== NEITHER);
  const items = studied.filter((i) => bank.categories[i] === 2);
  if (items.length === 0 || rows.length === 0) return new Map();
  const compared = rowsOf(responses, rows);
  const focal = rows.map((r) => groups[r] === FOCAL);
  const own = rows.map((r) => thetas[r] ?? 0);
  const order = Array.from(own.keys()).sort((a, b) => (own[a] ?? 0) - (own[b] ?? 0));
  const stratum = new Float64Array(rows.length);
  order.forEach((r, rank) => {
    stratum[r] = Math.floor((strata * rank) / rows.length);
  });
  const dichotomous = columnsOf(compared, items);
  const tested = items.flatMap((_, i) => {
    const answered = focal.map((isFocal, r) =>
      (dichotomous.data[r * items.length + i] ?? -1) < 0 ? null : isFocal,
    );
    const [inFocal, inReference] = [true, false].map(
      (which) => answered.filter((one) => one === which).length,
    );
    return inFocal && inReference ? [{ i, focal: inFocal, reference: inReference }] : [];
  });
  const options = { items: tested.map(({ i }) => i) };
  const mantel = difMantelHaenszel(dichotomous, focal, { ...options, matching: stratum });
  const logistic = difLogistic(dichotomous, focal, { ...options, matching: own });
  return new Map(
    tested.flatMap(({ i, ...sizes }, k) => {
      const [mh, lr] = [mantel[k], logistic[k]];
      return mh && lr ? [[items[i] ?? -1, { ...sizes, mantel: mh, logistic: lr }]] : [];
    }),
  );
}

function rowsOf({ items, data, counts }: Responses, rows: readonly number[]): Responses {
  const taken = new Int8Array(rows.length * items);
  for (const [k, r] of rows.entries()) taken.set(data.subarray(r * items, (r + 1) * items), k * items);
  return { rows: rows.length, items, data: taken, counts: Float64Array.from(rows, (r) => counts[r] ?? 1) };
}

/** The gate sees the graver of the two tests. */
const worse = (one: DifClass | null, other: DifClass): DifClass =>
  one === null || one < other ? other : one;

/** Persons in groups of equal size by θ: what they scored, and what the curve foretells. */
function pointsOf(bank: Bank, { rows, items, data }: Responses, item: number, thetas: Float64Array): Point[] {
  const answered = Array.from({ length: rows }, (_, r) => r).filter(
    (r) => (data[r * items + item] ?? -1) >= 0,
  );
  answered.sort((a, b) => (thetas[a] ?? 0) - (thetas[b] ?? 0));
  const groups = Math.max(1, Math.min(plotGroups, Math.floor(answered.length / 5)));
  const most = (bank.categories[item] ?? 2) - 1;
  const mean = (members: readonly number[], value: (r: number) => number): number =>
    members.reduce((sum, r) => sum + value(r), 0) / members.length;
  return Array.from({ length: groups }, (_, g) => {
    const from = Math.floor((g * answered.length) / groups);
    const members = answered.slice(from, Math.floor(((g + 1) * answered.length) / groups));
    return {
      theta: mean(members, (r) => thetas[r] ?? 0),
      n: members.length,
      observed: mean(members, (r) => (data[r * items + item] ?? 0) / most),
      expected: mean(members, (r) => expectedScore(bank, item, thetas[r] ?? 0) / most),
    };
  });
}
