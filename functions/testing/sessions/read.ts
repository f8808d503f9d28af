import type {
  Attempt,
  ExamSession,
  ExamSessionWithAttempts,
  examSessionOperations,
} from '#shared/contracts/exam-sessions.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { invalid, notFound } from '#shared/errors.ts';
import { isTaker } from '#shared/exams/reach.ts';
import { type Listing, pageOf, paginate } from '#shared/http/paging.ts';
import { errorFields, logger } from '#shared/observability.ts';
import { administers, classesOf, isStaffOf, linkedStudents, reachesStudent } from '#shared/reach.ts';
import { classes } from '#shared/table/class.ts';
import { startAfter } from '#shared/table/entity.ts';
import {
  type ExamSessionRecord,
  type ExamState,
  examAmendments,
  examSessions,
  examStates,
} from '#shared/table/exam-session.ts';
import { students } from '#shared/table/profile.ts';
import { asItStands, attemptOf, reachedSession, type Session } from '../session-access.ts';
import { viewAttempts, viewSession } from '../session-view.ts';
import type { TestingWorld } from '../world.ts';

type Query = Request<(typeof examSessionOperations)['listExamSessions']>['query'];
type AttemptsQuery = Request<(typeof examSessionOperations)['listAttempts']>['query'];

/** A session with its answers; students see these when it has ended and results are told at all. */
export async function readExam(
  world: TestingWorld,
  caller: Caller,
  exam_session_id: string,
): Promise<ExamSessionWithAttempts> {
  const session = await reachedSession(world, caller, exam_session_id);
  const { head, progress } = session;
  const amendments = isTaker(caller)
    ? []
    : await world.table.queryAll(examAmendments, { pk: `exam#${exam_session_id}`, prefix: 'audit#' });
  return {
    ...viewSession(caller, head, progress?.state),
    attempts: attemptsOf(caller, session),
    amendments: amendments.map(({ exam_session_id: _id, result_n: _n, ...told }) => told),
  };
}

function attemptsOf(caller: Caller, { head, progress }: Session): Attempt[] {
  if (!progress) return [];
  const ended = head.status !== 'in_progress';
  if (isTaker(caller) && !(ended && head.feedback.when === 'after_session')) return [];
  return viewAttempts(caller, head, progress.state, progress.exam);
}

export async function listAttempts(
  world: TestingWorld,
  caller: Caller,
  query: AttemptsQuery,
): Promise<Page<Attempt>> {
  const session = await reachedSession(world, caller, query.exam_session_id);
  const listing: Listing = { caller, query, filters: { operation: 'listAttempts', ...query } };
  return pageOf(listing, attemptsOf(caller, session));
}

export async function readAttempt(world: TestingWorld, caller: Caller, attempt_id: string): Promise<Attempt> {
  const { exam_session_id, n } = attemptOf(attempt_id);
  const found = attemptsOf(caller, await reachedSession(world, caller, exam_session_id))[n];
  if (!found) throw notFound('attempt');
  return found;
}

/** Newest first: of a student, of a class, or of the caller. */
export async function listExams(
  world: TestingWorld,
  caller: Caller,
  query: Query,
): Promise<Page<ExamSession>> {
  const listing: Listing = { caller, query, filters: { operation: 'listExamSessions', ...query } };
  const page = await find(world, caller, query, listing);
  return { ...page, items: page.items.map(({ head, state }) => viewSession(caller, head, state)) };
}

/** A session as it stands, with its state while it runs. */
interface Listed {
  readonly head: ExamSessionRecord;
  readonly state: ExamState | undefined;
}

/** Those of the sessions that are wanted, as they stand; one whose bank cannot be read is listed as it was. */
async function wantedOf(
  world: TestingWorld,
  heads: readonly ExamSessionRecord[],
  query: Query,
): Promise<Listed[]> {
  const possible = heads.filter((head) => isWanted(query, head));
  const running = possible.filter(({ status }) => status === 'in_progress');
  const states = await world.table.getMany(examStates, running);
  const stateOf = new Map(states.flatMap((state) => (state ? [[state.exam_session_id, state]] : [])));
  const listed = await Promise.all(
    possible.map(async (head) => {
      const { exam_session_id } = head;
      const state = stateOf.get(exam_session_id);
      try {
        return { head: await asItStands(world, head, state), state };
      } catch (error) {
        logger.error('exam.not_concluded', { exam_session_id, ...errorFields(error) });
        return { head, state };
      }
    }),
  );
  return listed.filter(({ head }) => query.status === undefined || head.status === query.status);
}

async function find(
  world: TestingWorld,
  caller: Caller,
  query: Query,
  listing: Listing,
): Promise<Page<Listed>> {
  const student_id = query.student_id ?? (caller.role === 'student' ? caller.user_id : undefined);
  if (student_id !== undefined) {
    const isVisible = await visibleOf(world, caller, student_id);
    return ofIndex(world, listing, query, {
      index: 'gsi1',
      pk: `user#${student_id}#exams`,
      isVisible,
    });
  }
  if (caller.role === 'guardian') return ofChildren(world, caller, query, listing);
  if (query.class_id === undefined)
    throw invalid(['query', 'class_id'], 'name a class or a student whose tests to list', 'missing');
  await reachedClass(world, caller, query.class_id);
  return ofIndex(world, listing, query, { index: 'gsi2', pk: `class#${query.class_id}#exams` });
}

/** But for its status, which a test that is over may not show yet. */
const isWanted = ({ class_id, exam_type, plan_id, source }: Query, one: ExamSessionRecord): boolean =>
  (class_id === undefined || one.class_id === class_id) &&
  (exam_type === undefined || one.exam_type === exam_type) &&
  (plan_id === undefined || one.plan_id === plan_id) &&
  (source === undefined || one.source === source);

const batch = 100;

const ofIndex = (
  world: TestingWorld,
  listing: Listing,
  query: Query,
  {
    index,
    pk,
    isVisible = () => true,
  }: {
    readonly index: 'gsi1' | 'gsi2';
    readonly pk: string;
    readonly isVisible?: (one: ExamSessionRecord) => boolean;
  },
): Promise<Page<Listed>> =>
  paginate<Listed>(
    listing,
    async (start, limit) => {
      const most = Math.max(limit, batch);
      const page = await world.table.query(examSessions, { pk, index, backwards: true, limit: most, start });
      return { ...page, items: await wantedOf(world, page.items.filter(isVisible), query) };
    },
    { keyOf: ({ head }) => startAfter(examSessions, head, index) },
  );

/** A guardian has few children, who take few tests. */
async function ofChildren(
  world: TestingWorld,
  caller: Caller,
  query: Query,
  listing: Listing,
): Promise<Page<Listed>> {
  const { table } = world;
  const children = await linkedStudents(table, caller.user_id);
  const found = await Promise.all(
    children.map((child) => table.queryAll(examSessions, { pk: `user#${child}#exams`, index: 'gsi1' })),
  );
  const newest = (await wantedOf(world, found.flat(), query)).sort((a, b) =>
    a.head.started_at < b.head.started_at ? 1 : -1,
  );
  return pageOf(listing, newest);
}

/** Which of a student's sessions the caller sees: staff those of the classes that they share. */
async function visibleOf(
  { table }: TestingWorld,
  caller: Caller,
  student_id: string,
): Promise<(one: ExamSessionRecord) => boolean> {
  const student = await table.get(students, { user_id: student_id }, { consistent: true });
  if (!student || !(await reachesStudent(table, caller, student))) throw notFound('student');
  if (isTaker(caller) || administers(caller, student.org_id)) return () => true;
  const taught = new Set(await classesOf(table, caller.user_id));
  return ({ class_id }) => taught.has(class_id);
}

async function reachedClass({ table }: TestingWorld, caller: Caller, class_id: string): Promise<void> {
  const found = await table.get(classes, { class_id }, { consistent: true });
  const reaches =
    found !== undefined &&
    (administers(caller, found.org_id) ||
      (found.org_id === caller.org_id && (await isStaffOf(table, caller, class_id))));
  if (!reaches) throw notFound('class');
}
