import type { submissionOperations } from '#shared/contracts/submissions.ts';
import type { SubmissionRecord } from '#shared/table/submission.ts';
import { anExercise } from '#tests/support/exercises.ts';
import { aSubmission, type SubmissionOptions } from '#tests/support/submissions.ts';
import type { Asked, Subjects } from '../subject.ts';

/** The circle's student handed in for an assignment of the circle's class. */
export async function submissionOf(
  { cast, whose }: Asked,
  options: Partial<SubmissionOptions> = {},
): Promise<SubmissionRecord> {
  const { org_id, class_id, teacher, student } = cast.circles[whose];
  const exercise = await anExercise(cast.school.table, { org_id, by: teacher.user_id });
  const { exercise_id } = exercise;
  const assignment = await teacher.code.createAssignment({ body: { class_id, exercise_id } });
  return aSubmission(cast.school.table, { exercise, student, assignment, ...options });
}

const params = async (asked: Asked) => ({
  params: { submission_id: (await submissionOf(asked)).submission_id },
});

type Operations = Pick<
  typeof submissionOperations,
  'requestReview' | 'listComments' | 'addComment' | 'getReceipt'
>;

export const reviewSubjects: Subjects<Operations> = {
  requestReview: {
    reach: 'object',
    // a student asks for it, staff decide
    owner: ({ cast, caller, whose }) =>
      cast.circles[whose][caller.role === 'student' ? 'student' : 'teacher'],
    request: async (asked) => ({
      ...(await params(asked)),
      body: asked.owner.role === 'student' ? { note: 'Test 2 is wrong.' } : { grade: 70 },
    }),
  },
  listComments: { reach: 'object', request: params },
  addComment: {
    reach: 'object',
    request: async (asked) => ({ ...(await params(asked)), body: { line: 1, text: 'Well done.' } }),
  },
  getReceipt: { reach: 'object', request: params },
};
