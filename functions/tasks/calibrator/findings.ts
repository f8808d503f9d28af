import type {
  CalibrationItem,
  CalibrationReport,
  CalibrationSummary,
  CurveParameters,
} from '#shared/contracts/calibrations.ts';
import {
  type CalibratedItem,
  empiricalReliability,
  type ItemErrors,
  type ItemParameters,
} from '#shared/domain/irt/index.ts';
import { type Chosen, type Column, chosen } from './choose.ts';
import { type Estimated, estimated } from './estimate.ts';
import { type CalibrationInput, Uncalibratable } from './input.ts';
import { type Dif, type Judged, type Judgement, judged } from './judge.ts';

/** What a calibration finds, without what only the table knows. */
export type Findings = Pick<
  CalibrationReport,
  'D' | 'summary' | 'convergence' | 'link' | 'fixed' | 'left_out' | 'items'
>;

const mostItems = 1_000;
const traced = 100;
const fewestForReliability = 2;

/**
 * The whole computation, from answers to a report. The same input gives the same findings.
 * @throws Uncalibratable
 */
export function findings(input: CalibrationInput, tell: (stage: 'judging') => void): Findings {
  const what = chosen(input);
  const calibrated = what.columns.filter(({ model }) => model !== null).length;
  if (calibrated > mostItems)
    throw new Uncalibratable(
      'calibration.too_many_items',
      `${calibrated} items would be calibrated, and ${mostItems} is the most at once; name them in \`items\`.`,
    );
  const found = estimated(input, what);
  tell('judging');
  return reported(input, what, found, judged(input, what, found));
}

function reported(input: CalibrationInput, what: Chosen, found: Estimated, opinion: Judged): Findings {
  const { calibration, linked } = found;
  const idOf = (column: number): string => what.columns[column]?.candidate.item_id ?? '';
  const displacements = new Map(
    linked?.anchors.map((column, i) => [column, linked.by.displacements[i] ?? Number.NaN]),
  );
  const items = what.columns.flatMap((column, i): CalibrationItem[] => {
    const item = calibration.items[i];
    const judgement = opinion.columns[i];
    if (column.model === null || item === undefined || judgement === undefined) return [];
    return [itemOf(column, item, judgement, displacements.get(i))];
  });
  const { cycles, newton_steps, distance, held, trace } = calibration.report;
  return {
    D: input.D,
    summary: summaryOf(what, found, opinion, items),
    convergence: {
      cycles,
      newton_steps,
      distance: finite(distance),
      held: held.map(idOf),
      trace: thinned(trace),
    },
    link: linked && {
      method: linked.by.method,
      A: rounded(linked.by.A),
      B: rounded(linked.by.B),
      anchors: linked.anchors.map(idOf),
    },
    fixed: what.columns.length - items.length,
    left_out: [...what.left_out],
    items,
  };
}

function summaryOf(
  what: Chosen,
  { calibration, latent }: Estimated,
  { estimates }: Judged,
  items: readonly CalibrationItem[],
): CalibrationSummary {
  const { report, log_likelihood, aic, bic } = calibration;
  const errors = calibration.latent.standard_errors;
  return {
    sessions: what.responses.rows,
    answers: what.answers,
    items: items.length,
    passed: items.filter(({ passed }) => passed).length,
    left_out: what.left_out.length,
    converged: report.converged,
    log_likelihood: rounded(log_likelihood),
    aic: rounded(aic),
    bic: rounded(bic),
    latent: {
      mean: rounded(latent.mean),
      sd: rounded(latent.sd),
      se_mean: finite(errors?.mean),
      se_sd: finite(errors?.sd),
    },
    reliability: estimates.length < fewestForReliability ? null : finite(empiricalReliability(estimates)),
  };
}

function itemOf(
  { candidate, answers, mean_score }: Column,
  item: CalibratedItem,
  { fit, residuals, dif, points, gates }: Judgement,
  displacement: number | undefined,
): CalibrationItem {
  const { item_id, revision, status, parameters } = candidate;
  return {
    item_id,
    revision,
    status,
    answers,
    mean_score: rounded(mean_score),
    before: parameters && curveOf(parameters),
    after: curveOf(item.parameters),
    se: errorsOf(item.standard_errors),
    displacement: finite(displacement),
    fit: fit && {
      method: fit.method,
      statistic: finite(fit.statistic) ?? 0,
      df: fit.df,
      p: finite(fit.p),
    },
    infit: finite(residuals?.infit),
    outfit: finite(residuals?.outfit),
    dif: dif && difOf(dif),
    warnings: [...item.warnings],
    gates: (gates?.gates ?? []).map(({ gate, passed, value, limit }) => ({
      gate,
      passed,
      value: typeof value === 'number' ? finite(value) : value,
      limit,
    })),
    passed: gates?.passed ?? false,
    points: points.map(({ theta, n, observed, expected }) => ({
      theta: rounded(theta),
      n,
      observed: rounded(observed),
      expected: rounded(expected),
    })),
  };
}

/** As the bank keeps it: an asymptote that a model does not have is 0 or 1. */
function curveOf(parameters: ItemParameters): CurveParameters {
  const a = rounded(parameters.a ?? 1);
  if ('thresholds' in parameters) {
    const model = parameters.model === 'GRM' ? 'GRM' : 'GPCM';
    return { model, a, thresholds: parameters.thresholds.map(rounded) };
  }
  const { model, b } = parameters;
  const c = 'c' in parameters ? rounded(parameters.c) : 0;
  const d = 'd' in parameters ? rounded(parameters.d) : 1;
  return { model, a, b: rounded(b), c, d };
}

const errorsOf = (errors: ItemErrors | null): CalibrationItem['se'] =>
  errors && {
    a: finite(errors.a),
    b: finite(errors.b),
    c: finite(errors.c),
    thresholds: errors.thresholds.map((se) => finite(se) ?? 0),
  };

const difOf = ({ reference, focal, mantel, logistic }: Dif): NonNullable<CalibrationItem['dif']> => ({
  reference,
  focal,
  mantel_haenszel: {
    alpha: finite(mantel.alpha),
    delta: finite(mantel.delta),
    delta_se: finite(mantel.delta_se),
    chi_square: finite(mantel.chi_square),
    p: finite(mantel.p),
    class: mantel.class,
  },
  logistic: {
    uniform: { chi_square: finite(logistic.uniform.chi_square), p: finite(logistic.uniform.p) },
    nonuniform: { chi_square: finite(logistic.nonuniform.chi_square), p: finite(logistic.nonuniform.p) },
    r_squared_gain: finite(logistic.r_squared_gain),
    class: logistic.class,
  },
});

/** Six decimals are more than any standard error knows, and what is published is what was reported. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? rounded(value) : null;

/** So many of the values, first and last among them. */
function thinned(values: readonly number[]): number[] {
  if (values.length <= traced) return values.map(rounded);
  const step = (values.length - 1) / (traced - 1);
  return Array.from({ length: traced }, (_, i) => rounded(values[Math.round(i * step)] ?? 0));
}
