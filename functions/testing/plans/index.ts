import type { examPlanOperations } from '#shared/contracts/exam-plans.ts';
import type { Handlers } from '#shared/http/serve.ts';
import { readablePlan } from '../plan-access.ts';
import { close, readSimulation, release, simulate } from '../plan-release.ts';
import { viewPlan } from '../plan-view.ts';
import { createPlan, deletePlan, updatePlan } from '../plan-write.ts';
import type { TestingWorld } from '../world.ts';
import { listPlans } from './list.ts';

export const planHandlers = (world: TestingWorld): Handlers<typeof examPlanOperations> => ({
  createExamPlan: (request) => createPlan(world, request.caller, request),
  listExamPlans: ({ caller, query }) => listPlans(world, caller, query),
  getExamPlan: async ({ caller, params }) =>
    viewPlan(world, caller, await readablePlan(world, caller, params.plan_id)),
  updateExamPlan: ({ caller, params, body }) => updatePlan(world, caller, params.plan_id, body),
  deleteExamPlan: ({ caller, params }) => deletePlan(world, caller, params.plan_id),
  simulateExamPlan: ({ caller, params, body }) => simulate(world, caller, params.plan_id, body),
  getExamPlanSimulation: ({ caller, params }) => readSimulation(world, caller, params.plan_id),
  releaseExamPlan: ({ caller, params, body }) => release(world, caller, params.plan_id, body),
  closeExamPlan: ({ caller, params }) => close(world, caller, params.plan_id),
});
