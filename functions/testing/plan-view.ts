import type { ExamPlan } from '#shared/contracts/exam-plans.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import { isTaker } from '#shared/exams/reach.ts';
import { standingOf } from '#shared/exams/start.ts';
import { type ExamPlanRecord, type PlanTaker, planReleases, planTakers } from '#shared/table/exam-plan.ts';
import { examStates } from '#shared/table/exam-session.ts';
import { classesTaken } from './plan-access.ts';
import type { TestingWorld } from './world.ts';

/** Plans as the caller may see them: takers neither the configuration nor what it was simulated to do. */
export async function viewPlans(
  world: TestingWorld,
  caller: Caller,
  plans: readonly ExamPlanRecord[],
): Promise<ExamPlan[]> {
  if (!isTaker(caller)) return plans.map((plan) => staffView(plan));
  const taken = new Set(await classesTaken(world, caller));
  const takers = caller.role === 'student' ? await takersOf(world, caller, plans) : undefined;
  const running = takers && (await runningOf(world, takers));
  const configs = await releasedConfigs(world, plans);
  return plans.map((plan, at) => ({
    ...staffView(plan, configs[at]),
    class_ids: plan.class_ids.filter((class_id) => taken.has(class_id)),
    config: null,
    simulation: null,
    mine: takers ? standing(plan, takers[at], running?.[at] ?? null, world.now()) : null,
  }));
}

export async function viewPlan(world: TestingWorld, caller: Caller, plan: ExamPlanRecord): Promise<ExamPlan> {
  const [view] = await viewPlans(world, caller, [plan]);
  if (!view) throw new Error(`plan ${plan.plan_id} has no view`);
  return view;
}

function staffView(plan: ExamPlanRecord, config: ExamPlanRecord['config'] = plan.config): ExamPlan {
  const { stop, pilot, item_time_limit_s } = config;
  return {
    ...plan,
    max_items: stop.max_items + (pilot?.count ?? 0),
    time_limit_s: stop.time_limit_s,
    item_time_limit_s,
    config: plan.config,
    mine: null,
  };
}

/** What the released configurations say, where the plan has moved on since. */
async function releasedConfigs(
  { table }: TestingWorld,
  plans: readonly ExamPlanRecord[],
): Promise<(ExamPlanRecord['config'] | undefined)[]> {
  const changed = plans.filter(({ revision, released_revision }) => revision !== released_revision);
  const found = await table.getMany(planReleases, changed);
  const configs = new Map(changed.map((plan, at) => [plan, found[at]?.config]));
  return plans.map((plan) => configs.get(plan));
}

const takersOf = (
  { table }: TestingWorld,
  { user_id }: Caller,
  plans: readonly ExamPlanRecord[],
): Promise<(PlanTaker | undefined)[]> =>
  table.getMany(
    planTakers,
    plans.map(({ plan_id }) => ({ plan_id, student_id: user_id })),
  );

/** The sessions that they are in: one that was over a moment ago may still be noted. */
async function runningOf(
  { table }: TestingWorld,
  takers: readonly (PlanTaker | undefined)[],
): Promise<(string | null)[]> {
  const noted = takers.map((taker) => taker?.running_session_id ?? null);
  const ids = noted.flatMap((exam_session_id) => (exam_session_id === null ? [] : [{ exam_session_id }]));
  const states = await table.getMany(examStates, ids);
  const running = new Set(
    states.flatMap((state) => (state?.status === 'in_progress' ? [state.exam_session_id] : [])),
  );
  return noted.map((id) => (id !== null && running.has(id) ? id : null));
}

function standing(
  plan: ExamPlanRecord,
  taker: PlanTaker | undefined,
  running_session_id: string | null,
  now: Date,
): ExamPlan['mine'] {
  const { can_start, next_at, sessions_left } = standingOf(plan, taker, now);
  return {
    sessions: taker?.sessions ?? 0,
    sessions_left,
    running_session_id,
    last_session_id: taker?.last_session_id ?? null,
    can_start: can_start && running_session_id === null,
    next_at,
  };
}
