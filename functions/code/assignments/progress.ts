import type * as z from 'zod';
import type { assignmentOperations, assignmentProgress } from '#shared/contracts/assignments.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { type Listing, paginate } from '#shared/http/paging.ts';
import { type AssignmentStanding, assignmentStandings } from '#shared/table/assignment.ts';
import { type EnrollmentRecord, enrollments } from '#shared/table/enrollment.ts';
import { startAfter } from '#shared/table/entity.ts';
import { reachedAssignment } from '../access.ts';
import type { CodeWorld } from '../world.ts';

type Progress = z.output<typeof assignmentProgress>;
type Query = Request<(typeof assignmentOperations)['assignmentProgress']>['query'];

/** Who has done what: the whole roster by name, those without work too. */
export async function listProgress(
  world: CodeWorld,
  caller: Caller,
  assignment_id: string,
  query: Query,
): Promise<Page<Progress>> {
  const { assignment, ofClass } = await reachedAssignment(world, caller, assignment_id);
  const { status } = query;
  const page = await paginate<Line>(
    { caller, query, filters: { operation: 'assignmentProgress', assignment_id, status } } satisfies Listing,
    async (start, limit) => {
      const roster = await world.table.query(enrollments, {
        index: 'gsi1',
        pk: `class#${assignment.class_id}#roster`,
        limit,
        start,
      });
      return { items: await linesOf(world, assignment_id, roster.items), next: roster.next };
    },
    {
      ...(status !== undefined && { keep: (line: Line) => line.progress.status === status }),
      keyOf: ({ enrollment }) => startAfter(enrollments, enrollment, 'gsi1'),
      total: status === undefined ? ofClass.student_count : null,
    },
  );
  return { ...page, items: page.items.map(({ progress }) => progress) };
}

interface Line {
  readonly enrollment: EnrollmentRecord;
  readonly progress: Progress;
}

async function linesOf(
  { table }: CodeWorld,
  assignment_id: string,
  roster: readonly EnrollmentRecord[],
): Promise<Line[]> {
  const standings = await table.getMany(
    assignmentStandings,
    roster.map(({ student_id }) => ({ assignment_id, student_id })),
  );
  return roster.map((enrollment, at) => ({ enrollment, progress: progressOf(enrollment, standings[at]) }));
}

const progressOf = (
  { student_id, student_name }: EnrollmentRecord,
  standing: AssignmentStanding | undefined,
): Progress => ({
  student_id,
  student_name,
  attempts: standing?.attempts ?? 0,
  status: standing?.status ?? 'not_started',
  grade: standing?.best_grade ?? null,
  late: standing?.late ?? false,
  last_submission_id: standing?.last_submission_id ?? null,
  last_at: standing?.last_at ?? null,
  extension: standing?.extension ? { ...standing.extension, student_id } : null,
});
