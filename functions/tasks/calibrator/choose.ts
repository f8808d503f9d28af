import type { CalibrationReport } from '#shared/contracts/calibrations.ts';
import {
  type CalibratedModel,
  type ItemParameters,
  type Responses,
  responsesOf,
} from '#shared/domain/irt/index.ts';
import { type CalibrationInput, type Candidate, Uncalibratable } from './input.ts';

export type LeftOut = CalibrationReport['left_out'][number];

/** An item whose answers count, in the order of the responses' columns. */
export interface Column {
  readonly candidate: Candidate;
  /** Calibrated with this model; null: its parameters stay. */
  readonly model: CalibratedModel | null;
  readonly answers: number;
  /** Mean share of the credit. */
  readonly mean_score: number;
}

export interface Chosen {
  readonly columns: readonly Column[];
  readonly responses: Responses;
  /** Which session each row of the responses is. */
  readonly sessions: Int32Array;
  readonly left_out: readonly LeftOut[];
  readonly answers: number;
}

/** With fewer answers an estimate is noise, whatever its standard error says. */
const fewestAnswers = 30;

/**
 * Which items are calibrated and which keep their parameters, and the answers to both.
 * @throws Uncalibratable where nothing is left to calibrate, or nothing that carries the scale
 */
export function chosen(input: CalibrationInput): Chosen {
  const counts = countsOf(input);
  const { targets, kept } = rolesOf(input);
  const left_out: LeftOut[] = [];
  const columns: Column[] = [];
  input.candidates.forEach((candidate, index) => {
    const seen = counts[index] ?? [];
    const answers = seen.reduce((sum, n) => sum + n, 0);
    const earned = seen.reduce((sum, n, category) => sum + n * category, 0);
    const about = {
      candidate,
      answers,
      mean_score: earned / Math.max(1, answers) / (candidate.categories - 1),
    };
    if (kept.has(index) && answers > 0) columns.push({ ...about, model: null });
    if (!targets.has(index)) return;
    const reason = reasonToLeaveOut(seen, answers);
    if (reason === undefined) columns.push({ ...about, model: modelOf(input.config.model, candidate) });
    else left_out.push({ item_id: candidate.item_id, reason, answers });
  });
  if (columns.every(({ model }) => model === null))
    throw new Uncalibratable('calibration.no_items', nothingLeft(left_out));
  if (input.config.mode === 'fixed' && columns.every(({ model }) => model !== null))
    throw new Uncalibratable(
      'calibration.no_scale',
      'Nobody answered a live item beside those that are calibrated: nothing carries the scale. Calibrate freely.',
    );
  const { responses, sessions } = responsesTo(input, columns);
  return { columns, responses, sessions, left_out, answers: columns.reduce((n, one) => n + one.answers, 0) };
}

const nothingLeft = (left_out: readonly LeftOut[]): string =>
  left_out.length === 0
    ? 'This version of the bank has no items to calibrate.'
    : `None of ${left_out.length} items has ${fewestAnswers} answers of different kinds yet.`;

/** Persons by item and category. */
function countsOf({ candidates, answers }: CalibrationInput): number[][] {
  const counts = candidates.map(({ categories }) => Array.from({ length: categories }, () => 0));
  answers.item.forEach((item, k) => {
    const seen = counts[item];
    const category = answers.category[k] ?? 0;
    if (seen) seen[category] = (seen[category] ?? 0) + 1;
  });
  return counts;
}

function rolesOf({ candidates, config }: CalibrationInput) {
  const { items, mode } = config;
  const asked = items === null ? null : new Set(items);
  const isTarget = ({ item_id, status }: Candidate): boolean =>
    asked === null ? mode === 'free' || status === 'pilot' : asked.has(item_id);
  const targets = new Set<number>();
  const kept = new Set<number>();
  candidates.forEach((candidate, index) => {
    if (isTarget(candidate)) targets.add(index);
    else if (mode === 'fixed' && candidate.status === 'live' && candidate.parameters !== null)
      kept.add(index);
  });
  return { targets, kept };
}

function reasonToLeaveOut(seen: readonly number[], answers: number): LeftOut['reason'] | undefined {
  if (answers === 0) return 'unanswered';
  if (answers < fewestAnswers) return 'few_answers';
  if (seen.filter((n) => n > 0).length < 2) return 'one_category';
  return seen.some((n) => n === 0) ? 'empty_category' : undefined;
}

/** Items with partial credit keep their model where the one that was asked for knows right and wrong only. */
function modelOf(
  asked: CalibrationInput['config']['model'],
  { categories, parameters }: Candidate,
): CalibratedModel {
  const graded = asked === 'GRM' || asked === 'GPCM';
  if (categories === 2) return graded ? '2PL' : asked;
  if (graded) return asked;
  return parameters?.model === 'GPCM' ? 'GPCM' : 'GRM';
}

/** The answers to the columns, a row for each session with at least one. */
function responsesTo(
  { candidates, answers }: CalibrationInput,
  columns: readonly Column[],
): { readonly responses: Responses; readonly sessions: Int32Array } {
  const columnOf = new Int32Array(candidates.length).fill(-1);
  const indexes = new Map(candidates.map((candidate, index) => [candidate, index]));
  columns.forEach(({ candidate }, column) => {
    columnOf[indexes.get(candidate) ?? -1] = column;
  });
  const rows: Int8Array[] = [];
  const sessions: number[] = [];
  for (let s = 0; s + 1 < answers.start.length; s++) {
    const row = new Int8Array(columns.length).fill(-1);
    let any = false;
    for (let k = answers.start[s] ?? 0; k < (answers.start[s + 1] ?? 0); k++) {
      const column = columnOf[answers.item[k] ?? -1] ?? -1;
      if (column < 0) continue;
      row[column] = answers.category[k] ?? -1;
      any = true;
    }
    if (!any) continue;
    rows.push(row);
    sessions.push(s);
  }
  return { responses: responsesOf(rows), sessions: Int32Array.from(sessions) };
}

/** What stays, for the engine: one entry for each column. */
export const fixedIn = (columns: readonly Column[]): (ItemParameters | null)[] =>
  columns.map(({ candidate, model }) => (model === null ? candidate.parameters : null));
