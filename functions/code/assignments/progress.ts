import type * as z from 'zod';
import type { assignmentOperations, assignmentProgress, extension } from '#shared/contracts/assignments.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { invalid, unknownReference } from '#shared/errors.ts';
import { type Listing, paginate } from '#shared/http/paging.ts';
import { isEnrolled } from '#shared/reach.ts';
import {
  type AssignmentRecord,
  type AssignmentStanding,
  assignmentStandings,
} from '#shared/table/assignment.ts';
import { type EnrollmentRecord, enrollments } from '#shared/table/enrollment.ts';
import { startAfter } from '#shared/table/entity.ts';
import { retried } from '#shared/table/retry.ts';
import type { CodeWorld } from '../world.ts';
import { reachedAssignment, taughtAssignment } from './access.ts';

type Progress = z.output<typeof assignmentProgress>;
type Extension = z.output<typeof extension>;
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

/** Gives a student more time or attempts, whether they have begun or not; nothing of either takes it back. */
export async function putExtension(
  world: CodeWorld,
  caller: Caller,
  { assignment_id, student_id }: { readonly assignment_id: string; readonly student_id: string },
  body: { readonly due_at: string | null; readonly extra_attempts: number },
): Promise<Extension> {
  const { table } = world;
  const { assignment } = await taughtAssignment(world, caller, assignment_id);
  if (!(await isEnrolled(table, assignment.class_id, student_id)))
    throw unknownReference('student.unknown', 'This student is not in the class of the assignment');
  const due_at = laterThan(assignment, body.due_at);
  const set = {
    due_at,
    extra_attempts: body.extra_attempts,
    set_by: caller.user_id,
    set_at: world.now().toISOString(),
  };
  const kept = due_at === null && body.extra_attempts === 0 ? null : set;
  return retried(async () => {
    const seen = await table.get(assignmentStandings, { assignment_id, student_id }, { consistent: true });
    await table.write(
      seen
        ? table.replace(assignmentStandings, seen, { ...seen, extension: kept })
        : table.insert(assignmentStandings, { ...untouched, assignment_id, student_id, extension: kept }),
    );
    return { ...set, student_id };
  });
}

const untouched = {
  attempts: 0,
  best_grade: null,
  status: null,
  late: false,
  last_submission_id: null,
  last_at: null,
  version: 1,
} as const;

function laterThan(assignment: AssignmentRecord, due_at: string | null): string | null {
  if (due_at === null) return null;
  const exact = new Date(due_at).toISOString();
  if (assignment.due_at === null)
    throw invalid(['body', 'due_at'], 'the assignment has no due date to extend');
  if (exact <= assignment.due_at)
    throw invalid(['body', 'due_at'], 'must be after the due date of the assignment');
  return exact;
}
