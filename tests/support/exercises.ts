/** Exercises as they are in a school, written past the API: certified without a grader, published, given to classes. */
import { exerciseInput, type exerciseOperations } from '#shared/contracts/exercises.ts';
import type { Call } from '#shared/contracts/operation.ts';
import { uuidv7 } from '#shared/ids.ts';
import { type ExerciseRecord, exercises, publishedExercises, versionStates } from '#shared/table/exercise.ts';
import { newExercise, newExerciseWrites, publishedOf } from '#shared/table/new-exercise.ts';
import type { Table } from '#shared/table/table.ts';

export type ExerciseBody = Call<(typeof exerciseOperations)['createExercise']>['body'];

/** Words that only the solution, a hidden test and a checker have: no student may ever read one of them. */
export const secrets = ['sekret_solution', 'sekret_hidden_input', 'sekret_answer', 'sekret_checker'] as const;

/** An exercise with a public and a hidden test of each kind, and a checker of its own. */
export const body = {
  title: 'Squares',
  topic: 'Loops',
  module: 'basics',
  difficulty: 'easy',
  tags: ['loops', 'numbers'],
  problem_description: 'Print the square of **n**.',
  hints: ['What is a square?', 'n * n'],
  translations: { ko: { title: '제곱', problem_description: 'n의 제곱을 출력하세요.', hints: ['n * n'] } },
  starter_code: 'n = int(input())\n',
  solution_code: 'n = int(input())  # sekret_solution\nprint(n * n)\n',
  tests: [
    { kind: 'stdio', name: 'two', stdin: '2\n', expected: '4\n' },
    {
      kind: 'stdio',
      name: 'large',
      stdin: '12 sekret_hidden_input\n',
      expected: '144 sekret_answer\n',
      visibility: 'hidden',
      weight: 2,
    },
    {
      kind: 'call',
      name: 'called',
      call: 'square',
      args: [3, { deep: [1e300, null, true] }],
      expected: 9,
      checker: {
        kind: 'custom',
        language: 'python',
        code: 'def check(i, o, e): return True # sekret_checker',
      },
    },
  ],
} as const satisfies ExerciseBody;

/** Marks the newest version as certified, as the grader's commit does. */
export async function certified(table: Table, exercise_id: string): Promise<void> {
  const head = await table.get(exercises, { exercise_id }, { consistent: true });
  const id = { exercise_id, version_number: head?.newest_version ?? 0 };
  const state = await table.get(versionStates, id, { consistent: true });
  if (!state) throw new Error(`no exercise ${exercise_id}`);
  const at = new Date().toISOString();
  await table.write(
    table.replace(versionStates, state, {
      ...state,
      certification: { status: 'passed', job_id: uuidv7(), at, grader_version: 'test 1', problems: [] },
    }),
  );
}

interface Options {
  readonly org_id: string;
  readonly by: string;
  readonly title?: string;
  readonly practice?: boolean;
  readonly state?: 'draft' | 'certified' | 'published';
}

export async function anExercise(
  table: Table,
  { org_id, by, title = 'Squares', practice = false, state = 'published' }: Options,
): Promise<ExerciseRecord> {
  const at = new Date().toISOString();
  const input = exerciseInput.parse({ ...body, title, practice });
  const made = newExercise({ exercise_id: uuidv7(), org_id }, input, { by, at });
  const { exercise_id } = made.head;
  if (state !== 'published') {
    await table.write(...newExerciseWrites(table, made));
    if (state === 'certified') await certified(table, exercise_id);
    return made.head;
  }
  const head: ExerciseRecord = { ...made.head, status: 'published', published_version: 1 };
  await table.write(
    ...newExerciseWrites(table, { ...made, head }),
    table.insert(publishedExercises, publishedOf(head, made.version, at)),
  );
  await certified(table, exercise_id);
  return head;
}
