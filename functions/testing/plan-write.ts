import { isDeepStrictEqual } from 'node:util';
import type { ExamPlan, examPlanOperations } from '#shared/contracts/exam-plans.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import { PlanProblem, testOf } from '#shared/domain/exams/plan.ts';
import { toInstantOrNull } from '#shared/domain/school-time.ts';
import { conflict, DomainError, invalid, unknownReference } from '#shared/errors.ts';
import { newestBank, newPlan, pointerOf } from '#shared/exams/plans.ts';
import { runsClass } from '#shared/reach.ts';
import { classes } from '#shared/table/class.ts';
import { classPlans, type ExamPlanRecord, examPlans, planSimulations } from '#shared/table/exam-plan.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { retried } from '#shared/table/retry.ts';
import type { Write } from '#shared/table/table.ts';
import { readableBank } from './bank-access.ts';
import { ownPlan, readablePlan } from './plan-access.ts';
import { viewPlan } from './plan-view.ts';
import type { TestingWorld } from './world.ts';

type Create = Request<(typeof examPlanOperations)['createExamPlan']>;
type Changes = Request<(typeof examPlanOperations)['updateExamPlan']>['body'];

const unknownBank = () => unknownReference('item_bank.unknown', 'Item bank not found');
const unknownClass = () => unknownReference('class.unknown', 'Class not found');

export function createPlan(
  world: TestingWorld,
  caller: Caller,
  { body, idempotency_key: key }: Pick<Create, 'body' | 'idempotency_key'>,
): Promise<ExamPlan> {
  return idempotently(
    world.table,
    { caller, operation: 'createExamPlan', key, body, now: world.now() },
    async (once) => {
      const bank = await readableBank(world, caller, body.bank_id, unknownBank);
      await refuseClasses(world, caller, bank.org_id, body.class_ids);
      const given = {
        ...body,
        plan_id: world.newId(),
        org_id: bank.org_id,
        bank_name: bank.name,
        ...instants(world, body),
      };
      const plan = newPlan(given, { by: caller.user_id, at: world.now().toISOString() });
      await refuseUnfit(world, plan);
      await world.table.write(...once(plan.plan_id), world.table.insert(examPlans, plan));
      return viewPlan(world, caller, plan);
    },
    async (plan_id) => viewPlan(world, caller, await readablePlan(world, caller, plan_id)),
  );
}

type Dates = Pick<ExamPlanRecord, 'opens_at' | 'closes_at'>;

/** Dates as the school's clocks mean them: a day opens with its first moment and ends with its last. */
function instants({ settings: { time_zone } }: TestingWorld, given: Dates): Dates {
  const opens_at = toInstantOrNull(given.opens_at, time_zone, 'start');
  const closes_at = toInstantOrNull(given.closes_at, time_zone, 'end');
  if (opens_at !== null && closes_at !== null && opens_at >= closes_at)
    throw invalid(['body', 'closes_at'], 'must be after opens_at');
  return { opens_at, closes_at };
}

/** A test is given to classes that one runs, of the organisation whose bank it is. */
async function refuseClasses(
  { table }: TestingWorld,
  caller: Caller,
  org_id: string,
  class_ids: readonly string[],
): Promise<void> {
  const found = await table.getMany(
    classes,
    class_ids.map((class_id) => ({ class_id })),
  );
  for (const one of found)
    if (!one || one.org_id !== org_id || !(await runsClass(table, caller, one))) throw unknownClass();
}

/** Against the newest published version; a bank that was never published is looked at by the simulation. */
async function refuseUnfit(world: TestingWorld, plan: ExamPlanRecord): Promise<void> {
  try {
    testOf(await newestBank(world, plan), plan.config);
  } catch (error) {
    if (error instanceof PlanProblem) throw invalid(['body', 'config', ...error.path], error.message, 'plan');
    if (error instanceof DomainError && error.error_code === 'item_bank.not_published') return;
    throw error;
  }
}

const defined = (changes: object): Partial<ExamPlanRecord> =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));

export function updatePlan(
  world: TestingWorld,
  caller: Caller,
  plan_id: string,
  { version, ...changes }: Changes,
): Promise<ExamPlan> {
  const { table } = world;
  return retried(async () => {
    const seen = await ownPlan(world, caller, plan_id);
    if (version !== undefined && version !== seen.version)
      throw conflict('exam_plan.changed', 'Somebody changed this plan; read it before you change it.');
    const next = await changed(world, caller, seen, changes);
    await table.write(table.replace(examPlans, seen, next), ...pointerWrites(world, seen, next));
    return viewPlan(world, caller, { ...next, version: seen.version + 1 });
  });
}

async function changed(
  world: TestingWorld,
  caller: Caller,
  seen: ExamPlanRecord,
  changes: Omit<Changes, 'version'>,
): Promise<ExamPlanRecord> {
  const wanted = { ...seen, ...defined(changes), updated_at: world.now().toISOString() };
  const next: ExamPlanRecord = { ...wanted, ...instants(world, wanted) };
  const moved = next.bank_id !== seen.bank_id || next.exam_type !== seen.exam_type;
  if (moved && seen.release > 0)
    throw conflict('exam_plan.released', 'A released plan keeps its bank and its type; make another plan.');
  if (next.bank_id !== seen.bank_id) {
    const bank = await readableBank(world, caller, next.bank_id, unknownBank);
    if (bank.org_id !== seen.org_id) throw unknownBank();
    next.bank_name = bank.name;
  }
  const added = next.class_ids.filter((class_id) => !seen.class_ids.includes(class_id));
  await refuseClasses(world, caller, seen.org_id, added);
  const configured = next.bank_id !== seen.bank_id || !isDeepStrictEqual(next.config, seen.config);
  if (configured) {
    await refuseUnfit(world, next);
    next.revision = seen.revision + 1;
  }
  return next;
}

/** Beside the classes that a released plan gains or loses. */
function pointerWrites({ table }: TestingWorld, seen: ExamPlanRecord, next: ExamPlanRecord): Write[] {
  if (seen.release === 0) return [];
  const gained = next.class_ids.filter((class_id) => !seen.class_ids.includes(class_id));
  const lost = seen.class_ids.filter((class_id) => !next.class_ids.includes(class_id));
  return [
    ...gained.map((class_id) => table.put(classPlans, pointerOf(next, class_id, next.updated_at))),
    ...lost.map((class_id) => table.remove(classPlans, { ...next, class_id })),
  ];
}

export function deletePlan(world: TestingWorld, caller: Caller, plan_id: string): Promise<void> {
  const { table } = world;
  return retried(async () => {
    const seen = await ownPlan(world, caller, plan_id);
    if (seen.release > 0)
      throw conflict(
        'exam_plan.released',
        'This plan was released; it stays with its results. Close it instead.',
      );
    await table.write(
      table.remove(examPlans, seen, { when: '#version = :seen', values: { ':seen': seen.version } }),
      ...(seen.simulation === null ? [] : [table.remove(planSimulations, seen)]),
    );
  });
}
