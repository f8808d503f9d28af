import type { exerciseOperations } from '#shared/contracts/exercises.ts';
import { loads } from '#shared/jobs/load.ts';
import type { ExerciseRecord } from '#shared/table/exercise.ts';
import { anExercise, body } from '#tests/support/exercises.ts';
import type { Asked, Subjects } from '../subject.ts';

/** An exercise of the circle's teacher. The class of the circle was given what is asked for. */
async function exerciseOf(
  { cast, whose }: Asked,
  state: 'draft' | 'certified' | 'published' = 'published',
): Promise<ExerciseRecord> {
  const { org_id, teacher, class_id } = cast.circles[whose];
  const by = { org_id, by: teacher.user_id };
  const made = await anExercise(cast.school.table, { ...by, title: cast.unique(), state });
  if (state === 'published')
    await teacher.code.createAssignment({ body: { class_id, exercise_id: made.exercise_id } });
  return made;
}

const params =
  (state?: 'draft' | 'certified' | 'published') =>
  async (asked: Asked): Promise<{ params: { exercise_id: string } }> => ({
    params: { exercise_id: (await exerciseOf(asked, state)).exercise_id },
  });

/** Who may read an exercise and not change it is told so. */
const refused = [403, 404] as const;

export const exerciseSubjects: Subjects<typeof exerciseOperations> = {
  createExercise: { reach: 'none', request: () => ({ body }) },
  importExercise: { reach: 'none', request: () => ({ body: { format: 'json', exercise: body } }) },
  listExercises: {
    reach: 'list',
    request: async (asked) => {
      const { title, org_id } = await exerciseOf(asked);
      return { query: { q: title, org_id } };
    },
    lists: ({ items }) => items.length > 0,
  },
  getExercise: { reach: 'object', request: params() },
  listVersions: { reach: 'object', request: params() },
  exportExercise: { reach: 'object', request: params() },
  updateExercise: {
    reach: 'object',
    refused,
    request: async (asked) => ({ ...(await params('draft')(asked)), body: { topic: 'Numbers' } }),
  },
  deleteExercise: { reach: 'object', refused, request: params('draft') },
  certifyExercise: {
    reach: 'object',
    refused,
    owner: ({ caller }) => caller,
    request: async (asked) => {
      const { table } = asked.cast.school;
      const { user_id } = asked.owner;
      // nobody runs what the matrix starts, so that it would come to the caller's limit
      await table.write(table.put(loads, { user_id, active: 0, minute: '', started: 0, version: 1 }));
      return params('draft')(asked);
    },
  },
  publishExercise: { reach: 'object', refused, request: params('certified') },
};
