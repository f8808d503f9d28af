import { type AssignmentStanding, assignmentStandings } from './assignment.ts';
import { exerciseStandings } from './exercise.ts';
import { type SubmissionRecord, submissions, submissionsOf } from './submission.ts';
import type { Table, Write } from './table.ts';

type Graded = Pick<SubmissionRecord, 'grade' | 'raw_grade' | 'grader'>;

/** What counts for an assignment: after late policy and overrides. */
const forAssignment = ({ grade }: Graded): number | null => grade;
/** What counts for an exercise: what the tests gave, or a teacher instead of them. Nothing before there is a grade. */
const forExercise = ({ grade, raw_grade, grader }: Graded): number | null =>
  grade === null || grader === 'teacher' ? grade : raw_grade;

/**
 * The writes by which a student's standings follow a submission whose judgement changes, for the transaction that
 * changes it. They hold only while nobody else moved the standings, since they are read here or since `seen`: the
 * transaction fails, and one reads again.
 */
export async function standingWrites(
  table: Table,
  before: SubmissionRecord,
  after: SubmissionRecord,
  seen?: AssignmentStanding,
): Promise<Write[]> {
  const { student_id, exercise_id, assignment_id } = before;
  const [ofExercise, ofAssignment] = await Promise.all([
    table.get(exerciseStandings, { exercise_id, student_id }, { consistent: true }),
    seen !== undefined || assignment_id === null
      ? seen
      : table.get(assignmentStandings, { assignment_id, student_id }, { consistent: true }),
  ]);
  const others = lazily(() => otherSubmissions(table, before));
  const isLast = (standing: { readonly last_submission_id: string | null }): boolean =>
    standing.last_submission_id === before.submission_id;
  const writes: Write[] = [];
  if (ofExercise) {
    const best_grade = await bestGrade(ofExercise.best_grade, before, after, forExercise, others);
    const status = isLast(ofExercise) ? after.status : ofExercise.status;
    writes.push(table.replace(exerciseStandings, ofExercise, { ...ofExercise, best_grade, status }));
  }
  if (ofAssignment) {
    const same = async () => (await others()).filter((one) => one.assignment_id === assignment_id);
    const best_grade = await bestGrade(ofAssignment.best_grade, before, after, forAssignment, same);
    const { status, late } = isLast(ofAssignment) ? after : ofAssignment;
    writes.push(
      table.replace(assignmentStandings, ofAssignment, { ...ofAssignment, best_grade, status, late }),
    );
  }
  return writes;
}

/** The best of all; the others are read only when the best one may have fallen. */
async function bestGrade(
  best: number | null,
  before: SubmissionRecord,
  after: SubmissionRecord,
  counts: (one: Graded) => number | null,
  others: () => Promise<readonly SubmissionRecord[]>,
): Promise<number | null> {
  const [was, is] = [counts(before), counts(after)];
  const falls = was !== null && (is === null || is < was);
  if (!falls || (best !== null && was < best)) return highest([best, is]);
  return highest([is, ...(await others()).map(counts)]);
}

const highest = (grades: readonly (number | null)[]): number | null => {
  const given = grades.filter((grade) => grade !== null);
  return given.length === 0 ? null : Math.max(...given);
};

/** The student's other submissions of the same exercise, as they stand now. */
async function otherSubmissions(table: Table, of: SubmissionRecord): Promise<SubmissionRecord[]> {
  const listed = await table.queryAll(submissions, {
    index: 'gsi1',
    pk: submissionsOf.student(of.student_id),
  });
  const same = listed.filter(
    ({ exercise_id, submission_id }) => exercise_id === of.exercise_id && submission_id !== of.submission_id,
  );
  const now = await table.getMany(submissions, same);
  return now.filter((one) => one !== undefined);
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
