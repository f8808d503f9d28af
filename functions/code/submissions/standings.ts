import { isLate, noStanding, type Refusal, refusal } from '#shared/domain/grading/assignment-rules.ts';
import { conflict, type DomainError, tooMany } from '#shared/errors.ts';
import { type AssignmentStanding, assignmentStandings } from '#shared/table/assignment.ts';
import { type ExerciseStanding, exerciseStandings } from '#shared/table/exercise.ts';
import type { SubmissionRecord } from '#shared/table/submission.ts';
import type { Table, Write } from '#shared/table/table.ts';
import type { CodeWorld } from '../world.ts';
import type { Task } from './task.ts';

/** Where a student stands before a submission, and what follows for it. */
interface Standings {
  readonly ofExercise: ExerciseStanding | undefined;
  readonly ofAssignment: AssignmentStanding | undefined;
  readonly attempt_number: number;
  readonly late: boolean;
}

/**
 * A student's standings, if they may hand in now; the writes that go with them fail when another submission or an
 * extension comes between.
 *
 * @throws 409 when closed or out of attempts, 429 within the cooldown
 */
export async function readStandings(
  { table }: CodeWorld,
  student_id: string,
  { exercise: { exercise_id }, assignment }: Task,
  at: string,
): Promise<Standings> {
  const [ofExercise, ofAssignment] = await Promise.all([
    table.get(exerciseStandings, { exercise_id, student_id }, { consistent: true }),
    assignment && table.get(assignmentStandings, { ...assignment, student_id }, { consistent: true }),
  ]);
  if (!assignment)
    return { ofExercise, ofAssignment, attempt_number: (ofExercise?.attempts ?? 0) + 1, late: false };
  const standing = ofAssignment ?? noStanding;
  const refused = refusal(assignment, standing, at);
  if (refused) throw refusalError(refused, at);
  return {
    ofExercise,
    ofAssignment,
    attempt_number: standing.attempts + 1,
    late: isLate(assignment, standing, at),
  };
}

function refusalError(refused: Refusal, at: string): DomainError {
  switch (refused.reason) {
    case 'not_open':
      return conflict('assignment.not_open', `This assignment opens at ${refused.opens_at}.`);
    case 'closed':
      return conflict('assignment.closed', `This assignment closed at ${refused.closed_at}.`);
    case 'no_attempts':
      return conflict('assignment.no_attempts', 'No attempts are left for this assignment.');
    case 'cooldown': {
      const left_s = Math.max(1, Math.ceil((Date.parse(refused.until) - Date.parse(at)) / 1000));
      return tooMany(
        'assignment.cooldown',
        `The next attempt may come in ${left_s} s. Use the time to look at the results of the last one.`,
        left_s,
      );
    }
  }
}

/** One attempt more, whose grade is to come. */
export function standingWrites(
  table: Table,
  { ofExercise, ofAssignment }: Standings,
  submission: SubmissionRecord,
): Write[] {
  const { student_id, exercise_id, assignment_id, late } = submission;
  const last = {
    status: 'pending',
    last_submission_id: submission.submission_id,
    last_at: submission.submission_time,
  } as const;
  const first = { student_id, attempts: 1, best_grade: null, version: 1, ...last };
  return [
    ofExercise
      ? table.replace(exerciseStandings, ofExercise, {
          ...ofExercise,
          ...last,
          attempts: ofExercise.attempts + 1,
        })
      : table.insert(exerciseStandings, { ...first, exercise_id }),
    ...(assignment_id === null
      ? []
      : [
          ofAssignment
            ? table.replace(assignmentStandings, ofAssignment, {
                ...ofAssignment,
                ...last,
                late,
                attempts: ofAssignment.attempts + 1,
              })
            : table.insert(assignmentStandings, { ...first, assignment_id, late, extension: null }),
        ]),
  ];
}
