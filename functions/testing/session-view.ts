import type { Attempt, ExamSession } from '#shared/contracts/exam-sessions.ts';
import { parameters } from '#shared/contracts/item-shapes.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import { NONE_IN_TIME, shareOf, VOIDED } from '#shared/domain/exams/result.ts';
import type { PublishedItem } from '#shared/domain/items/types.ts';
import { isTaker } from '#shared/exams/reach.ts';
import { toldResult } from '#shared/exams/shown.ts';
import type { ReleasedTest } from '#shared/exams/tests.ts';
import type { ExamSessionRecord, ExamState } from '#shared/table/exam-session.ts';

/** Whether the answers themselves, right or wrong, may be looked at. */
const showsAnswers = (caller: Pick<Caller, 'role'>, { status, feedback }: ExamSessionRecord): boolean =>
  !isTaker(caller) || (status === 'completed' && feedback.when === 'after_session' && feedback.show_answers);

/**
 * A session as the caller may see it: staff see θ while it runs, from its state; students and guardians after its end
 * what the feedback policy allows.
 */
export function viewSession(
  caller: Pick<Caller, 'role'>,
  head: ExamSessionRecord,
  state?: ExamState,
): ExamSession {
  const running = head.status === 'in_progress' ? state : undefined;
  const { feedback: _policy, plan_release: _release, started_by: _by, version: _version, ...told } = head;
  const result = toldResult(caller, head);
  const live =
    running && result.result === 'theta' ? { theta: running.theta, standard_error: running.se } : {};
  return {
    ...told,
    answered: running ? running.i.length : head.answered,
    last_active_at: running ? new Date(running.at).toISOString() : lastOfTaken(head),
    ...result,
    ...live,
  };
}

const lastOfTaken = ({ source, started_at, ended_at }: ExamSessionRecord): string | null =>
  source === 'taken' ? (ended_at ?? started_at) : null;

/** The answers of a session, in order, as the caller may see them. */
export const viewAttempts = (
  caller: Pick<Caller, 'role'>,
  head: ExamSessionRecord,
  state: ExamState,
  exam: ReleasedTest,
): Attempt[] =>
  state.i.flatMap((position, n) => {
    const item = exam.bank.published.items[position];
    return item === undefined ? [] : [viewAttempt(caller, head, { state, item, n })];
  });

export const attemptId = (exam_session_id: string, n: number): string => `${exam_session_id}-${n}`;

function viewAttempt(
  caller: Pick<Caller, 'role'>,
  head: ExamSessionRecord,
  { state, item, n }: { readonly state: ExamState; readonly item: PublishedItem; readonly n: number },
): Attempt {
  const category = state.r[n] ?? VOIDED;
  const answer = state.a[n] ?? null;
  const shown = showsAnswers(caller, head);
  const forStaff = !isTaker(caller);
  const x = shareOf(category, item.parameters);
  return {
    attempt_id: attemptId(head.exam_session_id, n),
    exam_session_id: head.exam_session_id,
    student_id: head.student_id,
    n,
    item_id: item.item_id,
    item_revision: item.revision,
    kind: item.kind,
    selected_choice: item.kind === 'choice' && typeof answer === 'number' ? answer : null,
    answer,
    response_time_ms: state.t[n] ?? 0,
    in_time: category !== NONE_IN_TIME,
    voided: category === VOIDED,
    correct: shown && x !== null ? x === 1 : null,
    score: shown ? x : null,
    category: shown ? category : null,
    pilot: forStaff ? item.status === 'pilot' : null,
    parameters: forStaff && item.parameters !== null ? parameters.parse(item.parameters) : null,
    question: shown
      ? {
          body: item.body,
          options: item.options.map(({ body }) => ({ body })),
          key: item.key,
          explanation: item.explanation,
        }
      : null,
  };
}
