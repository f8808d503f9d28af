import { canonicalJson } from '#shared/domain/grading/canonical-json.ts';
import { defaultLimits } from '#shared/domain/grading/limits.ts';
import { gradeOf } from '#shared/domain/grading/score.ts';
import type { Test } from '#shared/domain/grading/types.ts';
import { type ReceiptPayload, sha256, testsSha256 } from '#shared/identity/receipts.ts';
import type { GradedExercise } from './material.ts';
import type { Rerun } from './rerun.ts';

/** One thing that was looked at. */
export interface Finding {
  /** Null: it could not be told. */
  readonly good: boolean | null;
  readonly text: string;
}
const good = (text: string): Finding => ({ good: true, text });
const bad = (text: string): Finding => ({ good: false, text });
const open = (text: string): Finding => ({ good: null, text });

export const checkCode = (payload: ReceiptPayload, code: string): Finding =>
  sha256(code) === payload.code_sha256
    ? good('The program is the one that was graded.')
    : bad(`The program is another one: its hash is ${sha256(code)}, not ${payload.code_sha256}.`);

export function checkExercise(payload: ReceiptPayload, exercise: GradedExercise): Finding {
  const version = `version ${payload.exercise_version} of the exercise`;
  if (exercise.language !== payload.language)
    return bad(`The exercise is in ${exercise.language}, the receipt is about ${payload.language}.`);
  const { exported, tests } = exercise;
  if (!exported)
    return open(
      'The tests cannot be compared: this file lacks their salt. A teacher’s export of the exercise has it.',
    );
  if (exported.exercise_id !== payload.exercise_id)
    return bad(`It is another exercise: ${exported.exercise_id}, not ${payload.exercise_id}.`);
  if (exported.version !== payload.exercise_version)
    return open(
      `The tests cannot be compared: the export is of version ${exported.version}, not of ${version}.`,
    );
  if (testsSha256(tests, exported.tests_salt) !== payload.tests_sha256)
    return bad(`The tests are not those of ${version}, by which it was graded.`);
  const limits = { ...defaultLimits(exercise.language), ...exercise.limits };
  if (canonicalJson(limits) !== canonicalJson(payload.limits))
    return bad(`The limits are not those of ${version}, by which it was graded.`);
  return good(`The tests and limits are those of ${version}.`);
}

/** The tests with the limits and seeds that the receipt names, so that they run as they did. */
export const recordedTests = (payload: ReceiptPayload, { tests }: GradedExercise): Test[] =>
  tests.map((test, index) => ({
    ...test,
    limits: { ...payload.limits, ...test.limits },
    seed: payload.seeds[index] ?? test.seed,
  }));

export function checkRerun(
  payload: ReceiptPayload,
  { tests }: GradedExercise,
  { verdicts, runtime }: Rerun,
): Finding[] {
  const other = tests.flatMap(({ name }, index) =>
    verdicts[index] === payload.verdicts[index]
      ? []
      : [bad(`Test “${name}” came to ${verdicts[index]}, the receipt says ${payload.verdicts[index]}.`)],
  );
  const grade = gradeOf(tests, verdicts);
  const passed = verdicts.filter((one) => one === 'pass').length;
  const summary =
    other.length > 0
      ? bad(`Run again, ${other.length} of ${tests.length} tests came to another verdict.`)
      : grade === payload.raw_grade
        ? good(`Run again, ${passed} of ${tests.length} tests pass, as the receipt says: ${grade} of 100.`)
        : bad(`The verdicts give ${grade} of 100, the receipt says ${payload.raw_grade}.`);
  const note =
    runtime === payload.runtime || other.length === 0
      ? []
      : [bad(`It was graded by ${payload.runtime}; here is ${runtime}, which may differ.`)];
  return [summary, ...other, ...note];
}
