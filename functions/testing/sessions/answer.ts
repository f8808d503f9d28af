import type { AnswerAccepted, examSessionOperations, PendingItem } from '#shared/contracts/exam-sessions.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import { NONE_IN_TIME } from '#shared/domain/exams/result.ts';
import { forStudent } from '#shared/domain/items/for-student.ts';
import { itemIn } from '#shared/domain/items/loaded.ts';
import { answerProblem, scoreAnswer } from '#shared/domain/items/score.ts';
import type { Answer, PublishedItem } from '#shared/domain/items/types.ts';
import { conflict, forbidden, invalid } from '#shared/errors.ts';
import { recordScored } from '#shared/exams/record.ts';
import { testOfState } from '#shared/exams/settle.ts';
import { deadlineOf, Superseded } from '#shared/exams/state.ts';
import type { ReleasedTest } from '#shared/exams/tests.ts';
import type { ExamState } from '#shared/table/exam-session.ts';
import {
  mayAnswer,
  noSuchSession,
  refuseComputed,
  stateOf,
  takenSession,
  wrongAnswer,
} from '../session-access.ts';
import { attemptId } from '../session-view.ts';
import type { TestingWorld } from '../world.ts';
import { rememberedState, rememberState } from './remembered.ts';

type Body = Request<(typeof examSessionOperations)['createAttempt']>['body'];

interface Given {
  readonly item: PublishedItem;
  readonly position: number;
  readonly answer: Answer;
  readonly response_time_ms: number | undefined;
}

/**
 * Scores an answer and asks the next question, in one conditional write. Of several requests at once one writes; the
 * others answer from what it left. The same answer again gets the same reply, with the question that waits now.
 */
export async function answerItem(world: TestingWorld, caller: Caller, body: Body): Promise<AnswerAccepted> {
  refuseComputed(body);
  if (caller.role === 'student' && body.student_id !== undefined && body.student_id !== caller.user_id)
    throw forbidden('owner_mismatch', 'One answers for oneself only.');
  const stored = (await stateBefore(world, body)) ?? (await stateOf(world, body.exam_session_id));
  if (!stored || !(await mayAnswer(world, caller, stored))) throw noSuchSession();
  const exam = await testOfState(world, stored);
  const given = givenAnswer(exam, stored, body);
  let seen = stored;
  for (;;) {
    const earlier = earlierAnswer(exam, seen, given);
    if (earlier !== undefined) return reply(world, exam, earlier.state, earlier.n);
    try {
      const next = await record(world, exam, seen, given);
      rememberState(world.table, next);
      return reply(world, exam, next, seen.i.length);
    } catch (error) {
      if (!(error instanceof Superseded)) throw error;
      seen = error.current;
    }
  }
}

/** What this process remembers of the session, if the item answered is the one that waited then: saves reading it. */
async function stateBefore(
  world: TestingWorld,
  { exam_session_id, item_id }: Body,
): Promise<ExamState | undefined> {
  const state = rememberedState(world.table, exam_session_id);
  if (!state || state.next === null) return undefined;
  const { bank } = await testOfState(world, state);
  return bank.published.items[state.next]?.item_id === item_id ? state : undefined;
}

function givenAnswer(exam: ReleasedTest, state: ExamState, body: Body): Given {
  const found = itemIn(exam.bank, body.item_id);
  if (!found) throw notPending(exam, state);
  const { selected_choice, answer: said } = body;
  if (selected_choice !== undefined && said !== undefined && selected_choice !== said)
    throw invalid(['body', 'selected_choice'], 'says something else than answer', 'answer');
  const answer = said ?? selected_choice;
  if (answer === undefined) throw invalid(['body', 'answer'], 'must be given', 'missing');
  const problem = answerProblem(found.item, answer);
  if (problem !== undefined) throw wrongAnswer(problem);
  const { response_time_ms } = body;
  return { ...found, answer: canonical(answer), response_time_ms };
}

/** Of several choices the order says nothing. */
const canonical = (answer: Answer): Answer =>
  typeof answer === 'object' ? [...answer].sort((a, b) => a - b) : answer;

const same = (one: Answer | null | undefined, other: Answer): boolean =>
  JSON.stringify(one ?? null) === JSON.stringify(other);

/** What became of the item before, if it was answered; undefined if not. */
function earlierAnswer(
  exam: ReleasedTest,
  state: ExamState,
  { item, position, answer }: Given,
): { readonly state: ExamState; readonly n: number } | undefined {
  const n = state.i.indexOf(position);
  if (n < 0) {
    if (state.status !== 'in_progress') throw hasEnded(state);
    if (state.next !== position) throw notPending(exam, state);
    return undefined;
  }
  if (state.r[n] === NONE_IN_TIME && state.a[n] === null) throw tooLate();
  if (same(state.a[n], answer)) return { state, n };
  throw conflict(
    'attempt.conflict',
    `Item ${item.item_id} was answered before, and otherwise; the first answer stays.`,
  );
}

const record = (
  world: TestingWorld,
  exam: ReleasedTest,
  seen: ExamState,
  { item, ...given }: Given,
): Promise<ExamState> =>
  recordScored(world, exam, seen, { ...given, category: scoreAnswer(item, given.answer).category });

const hasEnded = ({ status }: ExamState) =>
  conflict('exam_session.ended', `This test is ${status}; nothing more can be answered.`);
const tooLate = () =>
  conflict('attempt.late', 'The time for this question was over; it counts as not answered.');

function notPending(exam: ReleasedTest, { status, next }: ExamState) {
  const waiting = status === 'in_progress' && next !== null ? exam.bank.published.items[next] : undefined;
  const which = waiting === undefined ? 'no question waits' : `question ${waiting.item_id} waits`;
  return conflict('attempt.not_pending', `This question is not the one to answer now: ${which}.`);
}

const instantOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** What a test asks now. */
function askedNow(world: TestingWorld, exam: ReleasedTest, state: ExamState) {
  const item = state.next === null ? undefined : exam.bank.published.items[state.next];
  const upTo = state.status === 'in_progress' ? world.now().getTime() : state.at;
  return {
    next_item: item === undefined ? null : forStudent(item),
    status: state.status,
    stop_reason: state.reason,
    progress: {
      answered: state.i.length,
      max_items: state.max_items,
      elapsed_s: Math.max(0, Math.round((upTo - state.began) / 1000)),
      deadline_at: instantOf(deadlineOf(state, exam)),
    },
    item_deadline_at: instantOf(state.until),
  };
}

const reply = (world: TestingWorld, exam: ReleasedTest, state: ExamState, n: number): AnswerAccepted => ({
  attempt_id: attemptId(state.exam_session_id, n),
  exam_session_id: state.exam_session_id,
  ...askedNow(world, exam, state),
});

/** The question that waits, and how far the test is. */
export async function nextItem(
  world: TestingWorld,
  caller: Caller,
  exam_session_id: string,
): Promise<PendingItem> {
  const { progress } = await takenSession(world, caller, exam_session_id);
  if (!progress) throw noSuchSession();
  rememberState(world.table, progress.state);
  const asked = askedNow(world, progress.exam, progress.state);
  return { ...asked, item: asked.next_item };
}
