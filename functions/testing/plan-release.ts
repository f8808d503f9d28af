import type { ExamPlan, examPlanOperations, SimulationReport } from '#shared/contracts/exam-plans.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import { conflict } from '#shared/errors.ts';
import { releasing, simulatePlan, simulationWrites } from '#shared/exams/plans.ts';
import { logger } from '#shared/observability.ts';
import { examPlans, planSimulations } from '#shared/table/exam-plan.ts';
import { retried } from '#shared/table/retry.ts';
import { noSuchPlan, ownPlan, readablePlan } from './plan-access.ts';
import { viewPlan } from './plan-view.ts';
import type { TestingWorld } from './world.ts';

type Operations = typeof examPlanOperations;

/** Simulates a plan and keeps the report; a plan whose configuration changed meanwhile is not said to be simulated. */
export async function simulate(
  world: TestingWorld,
  caller: Caller,
  plan_id: string,
  request: Request<Operations['simulateExamPlan']>['body'],
): Promise<SimulationReport> {
  const plan = await ownPlan(world, caller, plan_id);
  const simulation = await simulatePlan(world, plan, request);
  const { summary, duration_ms, truncated } = simulation.report;
  logger.info('exam_plan.simulated', { plan_id, simulees: summary.simulees, duration_ms, truncated });
  await retried(async () => {
    const now = await ownPlan(world, caller, plan_id);
    if (now.revision !== plan.revision)
      throw conflict('exam_plan.changed', 'The configuration was changed meanwhile; simulate it again.');
    await world.table.write(...simulationWrites(world, now, simulation));
  });
  return simulation.report;
}

export async function readSimulation(
  world: TestingWorld,
  caller: Caller,
  plan_id: string,
): Promise<SimulationReport> {
  await readablePlan(world, caller, plan_id);
  const found = await world.table.get(planSimulations, { plan_id }, { consistent: true });
  if (!found) throw noSuchPlan();
  return found.report;
}

export function release(
  world: TestingWorld,
  caller: Caller,
  plan_id: string,
  { bank_version }: Request<Operations['releaseExamPlan']>['body'],
): Promise<ExamPlan> {
  return retried(async () => {
    const seen = await ownPlan(world, caller, plan_id);
    const { plan, writes } = await releasing(world, seen, { by: caller.user_id, bank_version });
    await world.table.write(...writes);
    return viewPlan(world, caller, plan);
  });
}

export function close(world: TestingWorld, caller: Caller, plan_id: string): Promise<ExamPlan> {
  return retried(async () => {
    const seen = await ownPlan(world, caller, plan_id);
    if (seen.status === 'closed') return viewPlan(world, caller, seen);
    if (seen.status === 'draft')
      throw conflict('exam_plan.not_released', 'Only a released plan can be closed.');
    const next = { ...seen, status: 'closed' as const, updated_at: world.now().toISOString() };
    await world.table.write(world.table.replace(examPlans, seen, next));
    return viewPlan(world, caller, { ...next, version: seen.version + 1 });
  });
}
