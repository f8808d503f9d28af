import type { CatAnswered, CatOutcome, CatStarted, catOperations } from '#shared/contracts/cat.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import { type ReportedAnswer, reportedAnswer } from '#shared/domain/exams/cat.ts';
import { scoreOf } from '#shared/domain/exams/result.ts';
import { itemIn } from '#shared/domain/items/loaded.ts';
import { conflict, invalid } from '#shared/errors.ts';
import { runsExam } from '#shared/exams/reach.ts';
import { recordScored } from '#shared/exams/record.ts';
import { commit, ended, hasEnough, readState } from '#shared/exams/settle.ts';
import { beginning, standingOf } from '#shared/exams/start.ts';
import { Superseded } from '#shared/exams/state.ts';
import type { ReleasedTest } from '#shared/exams/tests.ts';
import type { ExamState } from '#shared/table/exam-session.ts';
import { headOf, noSuchSession } from '../session-access.ts';
import { secretSeed, startExam } from '../session-start.ts';
import type { TestingWorld } from '../world.ts';
import { releasedPlan } from './sections.ts';
import { openState, stateToken } from './token.ts';

type Start = Request<(typeof catOperations)['createCatSession']>;
type Results = Request<(typeof catOperations)['submitCatResults']>;

/** Starts a session: of a student who is named, or of a candidate whom only the other system knows. */
export async function startCat(
  world: TestingWorld,
  caller: Caller,
  { params: { section_id }, body, idempotency_key }: Start,
): Promise<CatStarted> {
  const plan = await releasedPlan(world, caller, section_id);
  const told = new Map((body.priorData ?? []).map(({ key, value }) => [key, value]));
  const [student_id, class_id] = [told.get('student_id'), told.get('class_id')];
  if (student_id === undefined && class_id === undefined) {
    const factor = told.get('time_factor');
    return begun(world, await startUnknown(world, caller, plan, timeFactor(factor)));
  }
  if (student_id === undefined || class_id === undefined)
    throw invalid(['body', 'priorData'], 'student_id and class_id go together', 'missing');
  const { exam_session_id } = await startExam(world, caller, {
    body: { student_id, class_id, plan_id: plan.plan_id, exam_type: plan.exam_type, meta: {} },
    idempotency_key,
  });
  return begun(world, exam_session_id);
}

function timeFactor(told: string | undefined): number {
  const factor = Number(told ?? 1);
  if (factor >= 1 && factor <= 5) return factor;
  throw invalid(['body', 'priorData'], 'time_factor must be 1 to 5');
}

/** The candidate counts as one of nobody's class: what is answered tells of the items alone. */
async function startUnknown(
  world: TestingWorld,
  caller: Caller,
  plan: Awaited<ReturnType<typeof releasedPlan>>,
  time_factor: number,
): Promise<string> {
  const { refusal } = standingOf(
    { ...plan, max_sessions: null, min_days_between: null },
    undefined,
    world.now(),
  );
  if (refusal) throw refusal();
  const exam_session_id = world.newId();
  const { writes } = await beginning(world, plan, undefined, {
    exam_session_id,
    seed: secretSeed(world.newId()),
    org_id: plan.org_id,
    class_id: `cat-${plan.plan_id}`,
    student: { user_id: `cat-${exam_session_id}`, name: 'CAT', time_factor },
    started_by: caller.user_id,
    meta: { candidate: 'external' },
    max_items: undefined,
  });
  await world.table.write(...writes);
  return exam_session_id;
}

async function begun(world: TestingWorld, exam_session_id: string): Promise<CatStarted> {
  const found = await readState(world, exam_session_id);
  if (!found) throw noSuchSession();
  const { state, exam } = found;
  return {
    sessionIdentifier: exam_session_id,
    nextItems: nextItems(exam, state),
    sessionState: stateToken(state),
  };
}

interface Found {
  readonly state: ExamState;
  readonly exam: ReleasedTest;
}

/** A session of the section that the caller started, or whose class they teach. */
async function reachedCat(
  world: TestingWorld,
  caller: Caller,
  { section_id, session_id }: Results['params'],
): Promise<Found> {
  const head = await headOf(world, session_id);
  const reached =
    head !== undefined &&
    head.plan_id === section_id &&
    ((head.started_by === caller.user_id && head.org_id === caller.org_id) ||
      (await runsExam(world.table, caller, head)));
  const found = reached ? await readState(world, session_id) : undefined;
  if (!found) throw noSuchSession();
  return found;
}

/** Takes the results of the item that waits, and says which comes next; what was handed in before is passed over. */
export async function submitCat(world: TestingWorld, caller: Caller, request: Results): Promise<CatAnswered> {
  const { params, body } = request;
  const { state, exam } = await reachedCat(world, caller, params);
  if (body.sessionState !== undefined) openState(body.sessionState, state);
  let seen = state;
  for (const [at, report] of (body.assessmentResult.itemResult ?? []).entries()) {
    if (report.sessionStatus === 'initial' || report.sessionStatus === 'pendingSubmission') continue;
    const found = itemIn(exam.bank, report.identifier);
    if (!found)
      throw invalid(
        ['body', 'assessmentResult', 'itemResult', at, 'identifier'],
        'is no item of this section',
      );
    const answer = readReport(at, () => reportedAnswer(found.item, report));
    seen = await take(world, exam, seen, { position: found.position, answer });
  }
  return {
    nextItems: nextItems(exam, seen),
    assessmentResult: resultOf(exam, seen),
    sessionState: stateToken(seen),
  };
}

function readReport(at: number, read: () => ReportedAnswer): ReportedAnswer {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError)
      throw invalid(['body', 'assessmentResult', 'itemResult', at], error.message, 'answer');
    throw error;
  }
}

async function take(
  world: TestingWorld,
  exam: ReleasedTest,
  state: ExamState,
  { position, answer }: { readonly position: number; readonly answer: ReportedAnswer },
): Promise<ExamState> {
  let seen = state;
  for (;;) {
    const n = seen.i.indexOf(position);
    if (n >= 0) {
      if (seen.r[n] === answer.category || (seen.r[n] ?? 0) < 0) return seen;
      throw conflict(
        'attempt.conflict',
        'This item was reported before, and otherwise; the first result stays.',
      );
    }
    if (seen.status !== 'in_progress')
      throw conflict('exam_session.ended', `This session is ${seen.status}; nothing more is taken.`);
    if (seen.next !== position)
      throw conflict('attempt.not_pending', 'This item is not among those that were asked for.');
    try {
      return await recordScored(world, exam, seen, {
        position,
        category: answer.category,
        answer: answer.answer,
        response_time_ms: answer.milliseconds,
      });
    } catch (error) {
      if (!(error instanceof Superseded)) throw error;
      seen = error.current;
    }
  }
}

/** Completes the session if enough was answered, else abandons it; what has ended stays as it is. */
export async function endCat(world: TestingWorld, caller: Caller, params: Results['params']): Promise<void> {
  const { state, exam } = await reachedCat(world, caller, params);
  let seen = state;
  while (seen.status === 'in_progress') {
    const enough = hasEnough(exam, seen);
    const how = enough
      ? { status: 'completed' as const, reason: 'ended_early' }
      : { status: 'abandoned' as const, reason: 'abandoned' };
    try {
      seen = await commit(world, seen, ended(exam, seen, { ...how, at: world.now().getTime() }));
    } catch (error) {
      if (!(error instanceof Superseded)) throw error;
      seen = error.current;
    }
  }
}

function nextItems(exam: ReleasedTest, { next }: ExamState): CatStarted['nextItems'] {
  const item = next === null ? undefined : exam.bank.published.items[next];
  return item === undefined
    ? { itemIdentifiers: [], stageLength: 0 }
    : { itemIdentifiers: [item.item_id], stageLength: 1 };
}

const outcome = (
  identifier: string,
  baseType: CatOutcome['baseType'],
  value: string | number,
): CatOutcome => ({
  identifier,
  cardinality: 'single',
  baseType,
  value: [{ value: String(value) }],
});

function resultOf(exam: ReleasedTest, state: ExamState): CatAnswered['assessmentResult'] {
  const { exam_session_id, plan_id, theta, se, status, reason } = state;
  return {
    context: { sessionIdentifiers: [{ sourceID: 'urn:lyceum:exam-sessions', identifier: exam_session_id }] },
    testResult: {
      identifier: plan_id,
      datestamp: new Date(state.at).toISOString(),
      outcomeVariables: [
        outcome('THETA', 'float', theta),
        outcome('THETA_SE', 'float', se),
        outcome('NUM_ITEMS', 'integer', state.i.length),
        outcome('STATUS', 'string', status),
        ...(reason === null ? [] : [outcome('STOP_REASON', 'string', reason)]),
        ...(status === 'completed' && hasEnough(exam, state)
          ? [outcome('SCORE', 'float', scoreOf(theta))]
          : []),
      ],
    },
  };
}
