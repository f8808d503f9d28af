/**
 * What a new school gets as certified: every solution passes every test of its exercise, no starter does, and no
 * wrong program either. Run by the grader's own sandbox, as a certification runs it.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gradeProgram } from '#functions/tasks/grader/grade.ts';
import { Sandbox } from '#functions/tasks/grader/sandbox/sandbox.ts';
import { readExercises } from '#shared/content/exercises.ts';
import type { ExerciseContent } from '#shared/domain/grading/exercise-folder.ts';
import { defaultLimits } from '#shared/domain/grading/limits.ts';
import { openSandbox } from '../sandbox/world.ts';

const unsupported = Sandbox.supported();
const exercises = await readExercises();
let sandbox: Awaited<ReturnType<typeof openSandbox>>;
beforeAll(async () => {
  if (unsupported === undefined) sandbox = await openSandbox({ slots: 2, reuse: true });
});
afterAll(() => sandbox?.close());

/** The tests that a program does not pass, with what came instead. */
async function failures({ language, limits, tests }: ExerciseContent, code: string): Promise<string[]> {
  const given = tests.map((one) => ({
    ...one,
    limits: { ...defaultLimits(language), ...limits, ...one.limits },
  }));
  const outcomes = await gradeProgram(sandbox, { language, code }, given);
  return outcomes.flatMap(({ verdict, error, output }, at) =>
    verdict === 'pass' ? [] : [`${tests[at]?.name}: ${verdict} ${error?.message ?? output.slice(0, 200)}`],
  );
}

describe.skipIf(unsupported !== undefined).each(exercises.map((one) => [one.slug, one] as const))(
  '%s',
  (_, exercise) => {
    test('the solution passes every test', async () => {
      expect(await failures(exercise, exercise.solution_code)).toEqual([]);
    });

    test('the starter does not', async () => {
      expect(await failures(exercise, exercise.starter_code)).not.toEqual([]);
    });

    test.each(exercise.wrong.map(({ name, code }) => [name, code] as const))(
      'what is wrong with “%s” is noticed',
      async (_name, code) => {
        const failed = await failures(exercise, code);
        expect(failed).not.toEqual([]);
        expect(failed.filter((one) => one.includes(': internal'))).toEqual([]);
      },
    );
  },
);
