import type { assignmentOperations } from '#shared/contracts/assignments.ts';
import { anExercise } from '#tests/support/exercises.ts';
import { aSubmission } from '#tests/support/submissions.ts';
import type { Asked, Subjects } from '../subject.ts';

/** An assignment of the circle's class for which two students handed in. */
async function handedIn({ cast, whose }: Asked) {
  const { org_id, class_id, teacher, student } = cast.circles[whose];
  const { table } = cast.school;
  const exercise = await anExercise(table, { org_id, by: teacher.user_id });
  const { exercise_id } = exercise;
  const assignment = await teacher.code.createAssignment({ body: { class_id, exercise_id } });
  await aSubmission(table, { exercise, student, assignment });
  await aSubmission(table, { exercise, student: { user_id: 'another', name: 'Another' }, assignment });
  return { params: { assignment_id: assignment.assignment_id } };
}

type Operations = Pick<typeof assignmentOperations, 'startSimilarity' | 'getSimilarity'>;

export const similaritySubjects: Subjects<Operations> = {
  startSimilarity: { reach: 'object', request: handedIn },
  getSimilarity: { reach: 'object', request: handedIn },
};
