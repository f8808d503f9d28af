import type { submissionOperations } from '#shared/contracts/submissions.ts';
import type { SubmissionRecord } from '#shared/table/submission.ts';
import { anExercise } from '#tests/support/exercises.ts';
import { aSubmission } from '#tests/support/submissions.ts';
import type { Asked, Subjects } from '../subject.ts';

/** What the student of the circle did for practice. */
async function submissionOf(
  { cast, whose }: Asked,
  state: 'graded' | 'failed' = 'graded',
): Promise<SubmissionRecord> {
  const { student, teacher, org_id } = cast.circles[whose];
  const { table } = cast.school;
  const exercise = await anExercise(table, { org_id, by: teacher.user_id, practice: true });
  return aSubmission(table, { student, exercise, state });
}

type Handed = 'submit' | 'listSubmissions' | 'getSubmission' | 'redriveSubmission';

export const handedSubjects: Subjects<Pick<typeof submissionOperations, Handed>> = {
  submit: {
    reach: 'none',
    request: async ({ cast }) => {
      const { table } = cast.school;
      const { exercise_id } = await anExercise(table, {
        org_id: cast.school.org_id,
        by: cast.circles.own.teacher.user_id,
        practice: true,
      });
      return { params: { exercise_id }, body: { submission_code: 'print(1)' } };
    },
  },
  listSubmissions: {
    reach: 'object',
    request: async (asked) => ({ query: { student_id: (await submissionOf(asked)).student_id } }),
  },
  getSubmission: {
    reach: 'object',
    request: async (asked) => ({ params: { submission_id: (await submissionOf(asked)).submission_id } }),
  },
  redriveSubmission: {
    reach: 'object',
    request: async (asked) => ({
      params: { submission_id: (await submissionOf(asked, 'failed')).submission_id },
    }),
  },
};
