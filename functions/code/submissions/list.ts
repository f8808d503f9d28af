import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import type { submissionOperations } from '#shared/contracts/submissions.ts';
import { notFound } from '#shared/errors.ts';
import { type Listing, pageOf, paginate } from '#shared/http/paging.ts';
import { classJobs, jobs } from '#shared/jobs/job.ts';
import { administers, classesOf, isStaffOf, linkedStudents, reachesStudent } from '#shared/reach.ts';
import { assignments } from '#shared/table/assignment.ts';
import { classes } from '#shared/table/class.ts';
import { enrollments } from '#shared/table/enrollment.ts';
import { type IndexName, startAfter } from '#shared/table/entity.ts';
import { exercises } from '#shared/table/exercise.ts';
import { type SubmissionRecord, submissions, submissionsOf } from '#shared/table/submission.ts';
import { users } from '#shared/table/user.ts';
import { shownStatus } from '../submission.ts';
import type { CodeWorld } from '../world.ts';

type Query = Request<(typeof submissionOperations)['listSubmissions']>['query'];
type Keep = (one: SubmissionRecord) => boolean;

/** Submissions newest first: of a student, an assignment, an exercise, a class, or as far as the role reaches. */
export async function listSubmissions(
  world: CodeWorld,
  caller: Caller,
  query: Query,
): Promise<Page<SubmissionRecord>> {
  const listing: Listing = { caller, query, filters: { ...query } };
  const keep: Keep = (one) =>
    (query.status === undefined || one.status === query.status) &&
    (query.exercise_id === undefined || one.exercise_id === query.exercise_id) &&
    (query.assignment_id === undefined || one.assignment_id === query.assignment_id) &&
    (query.class_id === undefined || one.class_id === query.class_id) &&
    (query.student_id === undefined || one.student_id === query.student_id);
  if (caller.role === 'student') return ofStudent(world, caller, caller.user_id, listing, keep, query);
  if (query.student_id !== undefined) return ofStudent(world, caller, query.student_id, listing, keep, query);
  if (caller.role === 'guardian') return ofChildren(world, caller, listing, keep);
  if (query.assignment_id !== undefined)
    return ofAssignment(world, caller, query.assignment_id, listing, keep);
  if (query.class_id !== undefined) return ofClass(world, caller, query.class_id, listing, keep);
  if (query.exercise_id !== undefined) return ofExercise(world, caller, query.exercise_id, listing, keep);
  return administers(caller, caller.org_id)
    ? ofOrganization(world, caller, listing, keep)
    : ofStudent(world, caller, caller.user_id, listing, keep, query);
}

/** Until a result is there, the job knows whether a worker is at it. */
async function withStatus(world: CodeWorld, found: readonly SubmissionRecord[]): Promise<SubmissionRecord[]> {
  const pending = found.filter(({ status }) => status === 'pending');
  const known = await world.table.getMany(
    jobs,
    pending.map(({ submission_id: job_id }) => ({ job_id })),
  );
  const byId = new Map(known.flatMap((job) => (job?.kind === 'submission' ? [[job.job_id, job]] : [])));
  return found.map((one) => {
    const job = byId.get(one.submission_id);
    return job ? { ...one, status: shownStatus(one, job) } : one;
  });
}

const ofIndex = (world: CodeWorld, index: IndexName, pk: string, listing: Listing, keep: Keep) =>
  paginate<SubmissionRecord>(
    listing,
    async (start, limit) => {
      const found = await world.table.query(submissions, { index, pk, limit, start, backwards: true });
      return { items: await withStatus(world, found.items), next: found.next };
    },
    { keep, keyOf: (one) => startAfter(submissions, one, index) },
  );

async function ofStudent(
  world: CodeWorld,
  caller: Caller,
  student_id: string,
  listing: Listing,
  keep: Keep,
  query: Query,
) {
  // another's id of a student is one that they may not know
  if (query.student_id !== undefined && query.student_id !== caller.user_id) {
    const student = await world.table.get(users, { user_id: query.student_id }, { consistent: true });
    if (!student || !(await reachesStudent(world.table, caller, student))) throw notFound('user');
  }
  return ofIndex(world, 'gsi1', submissionsOf.student(student_id), listing, keep);
}

async function ofAssignment(
  world: CodeWorld,
  caller: Caller,
  assignment_id: string,
  listing: Listing,
  keep: Keep,
) {
  const found = await world.table.get(assignments, { assignment_id }, { consistent: true });
  const reached =
    found && (administers(caller, found.org_id) || (await isStaffOf(world.table, caller, found.class_id)));
  if (!reached) throw notFound('assignment');
  return ofIndex(world, 'gsi3', submissionsOf.assignment(assignment_id), listing, keep);
}

async function ofClass(world: CodeWorld, caller: Caller, class_id: string, listing: Listing, keep: Keep) {
  const found = await world.table.get(classes, { class_id }, { consistent: true });
  const reached =
    found && (administers(caller, found.org_id) || (await isStaffOf(world.table, caller, class_id)));
  if (!reached) throw notFound('class');
  return ofReferences(
    world,
    listing,
    keep,
    async (start, limit) => {
      const refs = await world.table.query(classJobs, {
        pk: `class#${class_id}`,
        prefix: 'job#',
        backwards: true,
        limit,
        start,
      });
      return { ids: refs.items.map(({ job_id }) => job_id), next: refs.next };
    },
    ({ submission_id: job_id, submission_time: created_at }) =>
      startAfter(classJobs, { class_id, job_id, created_at }),
  );
}

/** What an administrator sees: the jobs of the organisation know its submissions. */
const ofOrganization = (world: CodeWorld, { org_id }: Caller, listing: Listing, keep: Keep) =>
  ofReferences(
    world,
    listing,
    keep,
    async (start, limit) => {
      const pk = `org#${org_id}#jobs#submission`;
      const found = await world.table.query(jobs, { index: 'gsi2', pk, limit, start, backwards: true });
      return { ids: found.items.map(({ job_id }) => job_id), next: found.next };
    },
    (one) => {
      const sk = `${one.submission_time}#${one.submission_id}`;
      const key = jobs.key({ job_id: one.submission_id });
      return { ...key, gsi2pk: `org#${org_id}#jobs#submission`, gsi2sk: sk };
    },
  );

type Start = Record<string, unknown> | undefined;

/** Submissions by way of what refers to them; other jobs that the same references name are passed over. */
const ofReferences = (
  world: CodeWorld,
  listing: Listing,
  keep: Keep,
  read: (start: Start, limit: number) => Promise<{ ids: string[]; next: Start }>,
  keyOf: (one: SubmissionRecord) => Record<string, unknown>,
) =>
  paginate<SubmissionRecord>(
    listing,
    async (start, limit) => {
      const { ids, next } = await read(start, limit);
      const found = await world.table.getMany(
        submissions,
        ids.map((submission_id) => ({ submission_id })),
      );
      const present = found.filter((one) => one !== undefined);
      return { items: await withStatus(world, present), next };
    },
    { keep, keyOf },
  );

/** Of an exercise: all for administrators; staff see those of their classes and of students in them. */
async function ofExercise(
  world: CodeWorld,
  caller: Caller,
  exercise_id: string,
  listing: Listing,
  keep: Keep,
) {
  const found = await world.table.get(exercises, { exercise_id }, { consistent: true });
  if (!found || (found.org_id !== caller.org_id && caller.role !== 'platform_admin'))
    throw notFound('exercise');
  const pk = submissionsOf.exercise(exercise_id);
  if (administers(caller, found.org_id)) return ofIndex(world, 'gsi2', pk, listing, keep);
  const taught = await classesOf(world.table, caller.user_id);
  const rosters = await Promise.all(
    taught.map((class_id) =>
      world.table.queryAll(enrollments, { pk: `class#${class_id}`, prefix: 'student#' }),
    ),
  );
  const theirs = new Set(rosters.flat().map(({ student_id }) => student_id));
  return ofIndex(
    world,
    'gsi2',
    pk,
    listing,
    (one) => keep(one) && (theirs.has(one.student_id) || taught.includes(one.class_id ?? '')),
  );
}

/** A guardian has few children, and each a bounded number of recent submissions. */
const recentOfChild = 100;

async function ofChildren(world: CodeWorld, caller: Caller, listing: Listing, keep: Keep) {
  const children = await linkedStudents(world.table, caller.user_id);
  const found = await Promise.all(
    children.map((child) =>
      world.table.query(submissions, {
        index: 'gsi1',
        pk: submissionsOf.student(child),
        backwards: true,
        limit: recentOfChild,
      }),
    ),
  );
  const all = await withStatus(
    world,
    found.flatMap(({ items }) => items),
  );
  return pageOf(
    listing,
    all.filter(keep).sort((a, b) => (a.submission_time < b.submission_time ? 1 : -1)),
  );
}
