import type {
  Amendment,
  Attempt,
  ExamSession,
  examSessionOperations,
} from '#shared/contracts/exam-sessions.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import { highestCategory, VOIDED } from '#shared/domain/exams/result.ts';
import { amendSession } from '#shared/domain/irt/index.ts';
import { conflict, invalid, notFound, unauthorized } from '#shared/errors.ts';
import { responsesOf, resultOf } from '#shared/exams/conclude.ts';
import { runsExam } from '#shared/exams/reach.ts';
import { engineState, stateWrite } from '#shared/exams/state.ts';
import type { ReleasedTest } from '#shared/exams/tests.ts';
import {
  type ExamSessionRecord,
  type ExamState,
  examAmendments,
  examResponses,
  examSessions,
} from '#shared/table/exam-session.ts';
import { retried } from '#shared/table/retry.ts';
import { users } from '#shared/table/user.ts';
import { attemptOf, reachedSession } from '../session-access.ts';
import { viewAttempts, viewSession } from '../session-view.ts';
import type { TestingWorld } from '../world.ts';

type Body = Request<(typeof examSessionOperations)['updateAttempt']>['body'];

/**
 * Voids or rescores an answer of a test that has ended: θ is computed anew from all answers, the items that were given
 * stay. The result, the answers that it follows from and who changed it are written together.
 */
export function amendAttempt(
  world: TestingWorld,
  caller: Caller,
  attempt_id: string,
  body: Body,
): Promise<{ attempt: Attempt; session: ExamSession }> {
  const { exam_session_id, n } = attemptOf(attempt_id);
  return retried(async () => {
    const { head, progress } = await reachedSession(world, caller, exam_session_id);
    if (!progress || progress.state.i[n] === undefined || !(await runsExam(world.table, caller, head)))
      throw notFound('attempt');
    if (head.status === 'in_progress')
      throw conflict(
        'exam_session.in_progress',
        'The test still runs; change its answers when it has ended.',
      );
    const { state, exam } = progress;
    const before = state.r[n] ?? VOIDED;
    const after = categoryFor(exam, state, n, body);
    const next =
      before === after ? { head, state } : await write(world, caller, { head, state, exam, n, after, body });
    const attempt = viewAttempts(caller, next.head, next.state, exam)[n];
    if (!attempt) throw notFound('attempt');
    return { attempt, session: viewSession(caller, next.head, next.state) };
  });
}

function categoryFor(exam: ReleasedTest, state: ExamState, n: number, body: Body): number {
  if (body.action === 'void') return VOIDED;
  const item = exam.bank.published.items[state.i[n] ?? -1];
  const highest = highestCategory(item?.parameters ?? null);
  if (body.category > highest)
    throw invalid(['body', 'category'], `must be 0 to ${highest} for this question`);
  return body.category;
}

interface Change {
  readonly head: ExamSessionRecord;
  readonly state: ExamState;
  readonly exam: ReleasedTest;
  readonly n: number;
  readonly after: number;
  readonly body: Body;
}

async function write(
  world: TestingWorld,
  caller: Caller,
  { head, state, exam, n, after, body }: Change,
): Promise<{ readonly head: ExamSessionRecord; readonly state: ExamState }> {
  const { table } = world;
  const by = await table.get(users, caller);
  if (!by) throw unauthorized('auth.ended', 'This account no longer exists.');
  const now = world.now();
  const amended = amendSession(exam.test, engineState(state), n, after === VOIDED ? null : after);
  const nextState: ExamState = {
    ...state,
    r: [...amended.responses],
    theta: amended.theta,
    se: amended.se,
    seq: state.seq + 1,
    at: now.getTime(),
  };
  const result_n = head.result_n + 1;
  const nextHead = { ...head, result_n, ...resultOf(exam, nextState) };
  const told: Amendment = {
    action: body.action,
    n,
    before: shown(state.r[n]),
    after: shown(after),
    theta_before: head.theta,
    theta_after: nextHead.theta,
    reason: body.reason,
    by: caller.user_id,
    by_name: by.name,
    at: now.toISOString(),
  };
  await table.write(
    table.replace(examSessions, head, nextHead),
    // whoever was first is read again
    { ...stateWrite(table, state, nextState), orElse: undefined },
    table.insert(examResponses, responsesOf(exam, nextState, result_n)),
    table.insert(examAmendments, { exam_session_id: head.exam_session_id, result_n, ...told }),
  );
  return { head: { ...nextHead, version: head.version + 1 }, state: nextState };
}

const shown = (category: number | undefined): number | null =>
  category === undefined || category === VOIDED ? null : category;
