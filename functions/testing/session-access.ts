import type { Caller } from '#shared/contracts/operation.ts';
import { DomainError, invalid, notFound } from '#shared/errors.ts';
import { conclude, concluded } from '#shared/exams/conclude.ts';
import { reachesExam, runsExam } from '#shared/exams/reach.ts';
import { readState, testOfState } from '#shared/exams/settle.ts';
import type { ReleasedTest } from '#shared/exams/tests.ts';
import {
  type ExamSessionRecord,
  type ExamState,
  examSessions,
  examStates,
} from '#shared/table/exam-session.ts';
import type { TestingWorld } from './world.ts';

export const noSuchSession = () => notFound('exam_session');

/** What a session is, and how it stands: imported ones have no state. */
export interface Session {
  readonly head: ExamSessionRecord;
  readonly progress: { readonly state: ExamState; readonly exam: ReleasedTest } | undefined;
}

/** A session that the caller may see, with what is overdue closed, and its end written if it is over. */
export async function reachedSession(
  world: TestingWorld,
  caller: Caller,
  exam_session_id: string,
): Promise<Session> {
  const head = await headOf(world, exam_session_id);
  if (!head || !(await reachesExam(world.table, caller, head))) throw noSuchSession();
  const progress = await readState(world, exam_session_id);
  if (head.status !== 'in_progress' || !progress || progress.state.status === 'in_progress')
    return { head, progress };
  await conclude(world.table, progress);
  return { head: (await headOf(world, exam_session_id)) ?? head, progress };
}

/** A session as it will be written: a test that was over a moment ago is so already. */
export const asItStands = async (
  world: TestingWorld,
  head: ExamSessionRecord,
  state: ExamState | undefined,
): Promise<ExamSessionRecord> =>
  head.status === 'in_progress' && state && state.status !== 'in_progress'
    ? concluded(head, { exam: await testOfState(world, state), state })
    : head;

/** A session that the caller took or takes, or whose class they teach. */
export async function takenSession(
  world: TestingWorld,
  caller: Caller,
  exam_session_id: string,
): Promise<Session> {
  const session = await reachedSession(world, caller, exam_session_id);
  if (!(await mayAct(world, caller, session.head))) throw noSuchSession();
  return session;
}

const mayAct = async ({ table }: TestingWorld, caller: Caller, head: ExamSessionRecord): Promise<boolean> =>
  caller.user_id === head.student_id || (await runsExam(table, caller, head));

/** Whether the caller may answer; the one who takes the test is known from its state alone. */
export async function mayAnswer(world: TestingWorld, caller: Caller, state: ExamState): Promise<boolean> {
  if (caller.role === 'student') return caller.user_id === state.student_id;
  const head = await headOf(world, state.exam_session_id);
  return head !== undefined && mayAct(world, caller, head);
}

export const headOf = (
  { table }: TestingWorld,
  exam_session_id: string,
): Promise<ExamSessionRecord | undefined> =>
  table.get(examSessions, { exam_session_id }, { consistent: true });

export const stateOf = ({ table }: TestingWorld, exam_session_id: string): Promise<ExamState | undefined> =>
  table.get(examStates, { exam_session_id }, { consistent: true });

const computed = ['correct', 'score', 'theta', 'standard_error', 'ended_at', 'duration_sec'] as const;

/** A client that brings what the server computes has another idea of who computes it. @throws 422 `server_computed` */
export function refuseComputed(body: Readonly<Record<string, unknown>>): void {
  const sent = computed.filter((name) => body[name] !== undefined);
  if (sent.length === 0) return;
  throw new DomainError('invalid', 'server_computed', 'The server computes this; leave it out.', {
    issues: sent.map((name) => ({
      loc: ['body', name],
      msg: 'the server computes this from the answers; leave it out',
      type: 'server_computed',
    })),
  });
}

/** An attempt's id is its session's, a hyphen, and its number. */
export function attemptOf(attempt_id: string): { readonly exam_session_id: string; readonly n: number } {
  const parts = /^(.+)-(\d{1,4})$/.exec(attempt_id);
  if (!parts?.[1] || parts[2] === undefined) throw notFound('attempt');
  return { exam_session_id: parts[1], n: Number(parts[2]) };
}

export const wrongAnswer = (expected: string) => invalid(['body', 'answer'], `must be ${expected}`, 'answer');
