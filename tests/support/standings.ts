/** Standings as submissions and their results write them. */
import { type AssignmentStanding, assignmentStandings } from '#shared/table/assignment.ts';
import type { Table } from '#shared/table/table.ts';

/** One submission, graded. */
export const stands = (
  table: Table,
  assignment_id: string,
  student_id: string,
  more: Partial<AssignmentStanding> = {},
) =>
  table.write(
    table.insert(assignmentStandings, {
      assignment_id,
      student_id,
      attempts: 1,
      best_grade: 75,
      status: 'graded',
      late: false,
      last_submission_id: 's1',
      last_at: new Date().toISOString(),
      extension: null,
      version: 1,
      ...more,
    }),
  );
