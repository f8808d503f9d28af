import { startSession } from '../domain/irt/index.ts';
import { conflict, type DomainError } from '../errors.ts';
import { type ExamPlanRecord, type PlanTaker, planTakers } from '../table/exam-plan.ts';
import { type ExamSessionRecord, type ExamState, examSessions, examStates } from '../table/exam-session.ts';
import type { Write } from '../table/table.ts';
import { deadlineOf } from './state.ts';
import { type ReleasedTest, releasedTest, usageOf } from './tests.ts';
import type { ExamWorld } from './world.ts';

/** Where a student stands with a plan, at a time. */
export interface Standing {
  readonly can_start: boolean;
  readonly next_at: string | null;
  readonly sessions_left: number | null;
  /** Why one may not start. */
  readonly refusal: (() => DomainError) | undefined;
}

type Rules = Pick<
  ExamPlanRecord,
  'status' | 'opens_at' | 'closes_at' | 'max_sessions' | 'min_days_between' | 'name'
>;

const dayMs = 86_400_000;
/** Of a student and a plan that names no number: results of a class are read whole. */
export const mostSessions = 500;

/** Whether a student may begin a session now: the plan's dates, their sessions so far, the days between them. */
export function standingOf(plan: Rules, taker: PlanTaker | undefined, now: Date): Standing {
  const at = now.toISOString();
  const taken = taker?.sessions ?? 0;
  const sessions_left = plan.max_sessions === null ? null : Math.max(0, plan.max_sessions - taken);
  const rests =
    taker === undefined || plan.min_days_between === null
      ? null
      : new Date(Date.parse(taker.last_started_at) + plan.min_days_between * dayMs).toISOString();
  const refused = (next_at: string | null, code: string, message: string): Standing => ({
    can_start: false,
    next_at,
    sessions_left,
    refusal: () => conflict(code, message),
  });
  if (plan.status !== 'released' || (plan.closes_at !== null && at >= plan.closes_at))
    return refused(null, 'exam_plan.closed', `“${plan.name}” is closed.`);
  if (taken >= (plan.max_sessions ?? mostSessions))
    return refused(null, 'exam_plan.sessions_used', `“${plan.name}” may be taken ${taken} times; it was.`);
  if (plan.opens_at !== null && at < plan.opens_at)
    return refused(plan.opens_at, 'exam_plan.not_open', `“${plan.name}” opens at ${plan.opens_at}.`);
  if (rests !== null && at < rests)
    return refused(rests, 'exam_plan.too_soon', `“${plan.name}” may be taken again from ${rests} on.`);
  return { can_start: true, next_at: null, sessions_left, refusal: undefined };
}

export interface Beginning {
  readonly exam_session_id: string;
  /** Integer below 2^53; nobody can know it from the session's id. */
  readonly seed: number;
  readonly org_id: string;
  readonly class_id: string;
  readonly student: { readonly user_id: string; readonly name: string; readonly time_factor: number };
  readonly started_by: string;
  readonly meta: ExamSessionRecord['meta'];
  /** Lowers the plan's, as far as its fewest items. */
  readonly max_items: number | undefined;
}

/** A session that is about to begin, and what writes it: its head, its state, and that the student is in it. */
export async function beginning(
  world: ExamWorld,
  plan: ExamPlanRecord,
  taker: PlanTaker | undefined,
  given: Beginning,
): Promise<{ readonly head: ExamSessionRecord; readonly state: ExamState; readonly writes: Write[] }> {
  const { table } = world;
  const now = world.now();
  const most = await releasedTest(world, plan);
  // with fewer answers a result says more of the prior than of the student
  const wanted = Math.max(most.min_items, given.max_items ?? Number.POSITIVE_INFINITY);
  const max_items = Math.min(most.test.stop.max_items, wanted) + most.pilots;
  const exam = await releasedTest(world, { plan_id: plan.plan_id, release: plan.release, max_items });
  const state = await firstState(world, exam, plan, { ...given, max_items, at: now.getTime() });
  const head = headOf(exam, plan, given, state);
  return {
    head,
    state,
    writes: [
      table.insert(examSessions, head),
      table.insert(examStates, state),
      takerWrite(world, plan, taker, head),
    ],
  };
}

async function firstState(
  world: ExamWorld,
  exam: ReleasedTest,
  plan: ExamPlanRecord,
  given: Beginning & { readonly max_items: number; readonly at: number },
): Promise<ExamState> {
  const { student, seed, at } = given;
  const usage = await usageOf(world, exam);
  const { pending, theta, se } = startSession(
    exam.test,
    { seed, time_factor: student.time_factor },
    { now: at, usage },
  );
  return {
    exam_session_id: given.exam_session_id,
    student_id: student.user_id,
    student_name: student.name,
    class_id: given.class_id,
    exam_type: plan.exam_type,
    plan_id: plan.plan_id,
    release: plan.release,
    max_items: given.max_items,
    status: 'in_progress',
    reason: null,
    seq: 1,
    began: at,
    at,
    seed,
    factor: student.time_factor,
    i: [],
    r: [],
    t: [],
    a: [],
    next: pending?.item ?? null,
    until: pending?.deadline == null ? null : Math.round(pending.deadline),
    theta,
    se,
  };
}

function headOf(
  exam: ReleasedTest,
  plan: ExamPlanRecord,
  { org_id, started_by, meta }: Beginning,
  state: ExamState,
): ExamSessionRecord {
  const deadline = deadlineOf(state, exam);
  return {
    exam_session_id: state.exam_session_id,
    org_id,
    class_id: state.class_id,
    student_id: state.student_id,
    student_name: state.student_name,
    exam_type: plan.exam_type,
    plan_id: plan.plan_id,
    plan_name: plan.name,
    plan_release: plan.release,
    bank_id: exam.release.bank_id,
    bank_version: exam.release.bank_version,
    feedback: plan.feedback,
    status: 'in_progress',
    source: 'taken',
    started_at: new Date(state.began).toISOString(),
    ended_at: null,
    duration_sec: null,
    deadline_at: deadline === null ? null : new Date(deadline).toISOString(),
    time_factor: state.factor,
    answered: 0,
    max_items: state.max_items,
    stop_reason: null,
    score: null,
    theta: null,
    standard_error: null,
    result_n: 0,
    started_by,
    external_id: null,
    meta,
    version: 1,
  };
}

/** @throws ConditionFailed at the write where the student began another session since `taker` was read */
function takerWrite(
  { table }: ExamWorld,
  { plan_id }: ExamPlanRecord,
  taker: PlanTaker | undefined,
  { student_id, exam_session_id, started_at }: ExamSessionRecord,
): Write {
  const now = {
    plan_id,
    student_id,
    sessions: (taker?.sessions ?? 0) + 1,
    running_session_id: exam_session_id,
    last_session_id: exam_session_id,
    last_started_at: started_at,
  };
  return taker === undefined
    ? table.insert(planTakers, { ...now, version: 1 })
    : table.replace(planTakers, taker, now);
}
