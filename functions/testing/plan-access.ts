import type { Caller } from '#shared/contracts/operation.ts';
import { forbidden, notFound } from '#shared/errors.ts';
import { isTaker } from '#shared/exams/reach.ts';
import { administers, classesOfStudent, linkedStudents } from '#shared/reach.ts';
import { type ExamPlanRecord, examPlans } from '#shared/table/exam-plan.ts';
import { readsContent } from './bank-access.ts';
import type { TestingWorld } from './world.ts';

export const noSuchPlan = () => notFound('exam_plan');

/** Ids of the classes whose tests a student takes, or a guardian's children take. */
export async function classesTaken({ table }: TestingWorld, caller: Caller): Promise<string[]> {
  if (caller.role === 'student') return classesOfStudent(table, caller.user_id);
  const children = await linkedStudents(table, caller.user_id);
  const ids = await Promise.all(children.map((child) => classesOfStudent(table, child)));
  return [...new Set(ids.flat())];
}

/** A plan of the organisation; to students and guardians one that their classes were given. */
export async function readablePlan(
  world: TestingWorld,
  caller: Caller,
  plan_id: string,
): Promise<ExamPlanRecord> {
  const plan = await world.table.get(examPlans, { plan_id }, { consistent: true });
  if (!plan || !readsContent(caller, plan.org_id)) throw noSuchPlan();
  if (!isTaker(caller)) return plan;
  const taken = await classesTaken(world, caller);
  if (plan.status === 'draft' || !plan.class_ids.some((class_id) => taken.includes(class_id)))
    throw noSuchPlan();
  return plan;
}

/** A plan that the caller may change: their own, or from above. */
export async function ownPlan(world: TestingWorld, caller: Caller, plan_id: string): Promise<ExamPlanRecord> {
  const plan = await readablePlan(world, caller, plan_id);
  if (plan.created_by === caller.user_id || administers(caller, plan.org_id)) return plan;
  throw forbidden('exam_plan.not_own', 'Only the author of the plan or an administrator may do this.');
}
