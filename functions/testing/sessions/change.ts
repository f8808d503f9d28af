import type { ExamSession, examSessionOperations } from '#shared/contracts/exam-sessions.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import { conflict } from '#shared/errors.ts';
import { commit, ended, hasEnough } from '#shared/exams/settle.ts';
import { Superseded } from '#shared/exams/state.ts';
import { refuseComputed, takenSession } from '../session-access.ts';
import { viewSession } from '../session-view.ts';
import type { TestingWorld } from '../world.ts';

type Body = Request<(typeof examSessionOperations)['updateExamSession']>['body'];

/**
 * Completes or abandons a test. What is so already is the reply; an end is final.
 *
 * @throws 409 `exam_session.too_few` before the plan's fewest items, 409 `exam_session.ended`
 */
export async function changeExam(
  world: TestingWorld,
  caller: Caller,
  exam_session_id: string,
  body: Body,
): Promise<ExamSession> {
  refuseComputed(body);
  const { head, progress } = await takenSession(world, caller, exam_session_id);
  if (head.status === body.status) return viewSession(caller, head, progress?.state);
  if (head.status !== 'in_progress' || !progress)
    throw conflict('exam_session.ended', `This test is ${head.status}; that does not change any more.`);
  const { exam, state } = progress;
  if (body.status === 'completed' && !hasEnough(exam, state))
    throw conflict(
      'exam_session.too_few',
      `This test needs ${exam.min_items} scored answers before it can be completed; it can be abandoned.`,
    );
  const reason = body.status === 'completed' ? 'ended_early' : 'abandoned';
  try {
    const at = world.now().getTime();
    await commit(world, state, ended(exam, state, { status: body.status, reason, at }));
  } catch (error) {
    if (!(error instanceof Superseded)) throw error;
    return changeExam(world, caller, exam_session_id, body);
  }
  const after = await takenSession(world, caller, exam_session_id);
  return viewSession(caller, after.head, after.progress?.state);
}
