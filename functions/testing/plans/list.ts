import type { ExamPlan, examPlanOperations } from '#shared/contracts/exam-plans.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { notFound } from '#shared/errors.ts';
import { isTaker } from '#shared/exams/reach.ts';
import { type Listing, pageOf, paginate } from '#shared/http/paging.ts';
import { classes } from '#shared/table/class.ts';
import { startAfter } from '#shared/table/entity.ts';
import { classPlans, type ExamPlanRecord, examPlans } from '#shared/table/exam-plan.ts';
import { readsContent } from '../bank-access.ts';
import { classesTaken } from '../plan-access.ts';
import { viewPlans } from '../plan-view.ts';
import type { TestingWorld } from '../world.ts';

type Query = Request<(typeof examPlanOperations)['listExamPlans']>['query'];

const batch = 100;

/** By name: those of the organisation, or those that the classes of the caller were given. */
export async function listPlans(world: TestingWorld, caller: Caller, query: Query): Promise<Page<ExamPlan>> {
  const listing: Listing = { caller, query, filters: { operation: 'listExamPlans', ...query } };
  const page = isTaker(caller)
    ? pageOf(listing, await given(world, caller, query))
    : await ofOrganization(world, caller, query, listing);
  return { ...page, items: await viewPlans(world, caller, page.items) };
}

const keeps = ({ class_id, exam_type, status, bank_id }: Query, plan: ExamPlanRecord): boolean =>
  (class_id === undefined || plan.class_ids.includes(class_id)) &&
  (exam_type === undefined || plan.exam_type === exam_type) &&
  (status === undefined || plan.status === status) &&
  (bank_id === undefined || plan.bank_id === bank_id);

async function ofOrganization(
  { table }: TestingWorld,
  caller: Caller,
  query: Query,
  listing: Listing,
): Promise<Page<ExamPlanRecord>> {
  const org_id = await organizationOf(table, caller, query.class_id);
  return paginate<ExamPlanRecord>(
    listing,
    (start, limit) =>
      table.query(examPlans, {
        pk: `org#${org_id}#plans`,
        index: 'gsi1',
        limit: Math.max(limit, batch),
        start,
      }),
    { keep: (plan) => keeps(query, plan), keyOf: (plan) => startAfter(examPlans, plan, 'gsi1') },
  );
}

async function organizationOf(
  table: TestingWorld['table'],
  caller: Caller,
  class_id: string | undefined,
): Promise<string> {
  if (class_id === undefined) return caller.org_id;
  const found = await table.get(classes, { class_id }, { consistent: true });
  if (!found || !readsContent(caller, found.org_id)) throw notFound('class');
  return found.org_id;
}

/** Released ones, unless closed ones are asked for. */
async function given(world: TestingWorld, caller: Caller, query: Query): Promise<ExamPlanRecord[]> {
  const { table } = world;
  const taken = await classesTaken(world, caller);
  if (query.class_id !== undefined && !taken.includes(query.class_id)) throw notFound('class');
  const wanted = query.class_id === undefined ? taken : [query.class_id];
  const refs = await Promise.all(
    wanted.map((class_id) => table.queryAll(classPlans, { pk: `class#${class_id}`, prefix: 'plan#' })),
  );
  const ids = [...new Set(refs.flat().map(({ plan_id }) => plan_id))];
  const found = await table.getMany(
    examPlans,
    ids.map((plan_id) => ({ plan_id })),
  );
  const shown = query.status ?? 'released';
  return found
    .filter((plan) => plan !== undefined)
    .filter((plan) => plan.status === shown && plan.status !== 'draft' && keeps(query, plan))
    .sort((a, b) => a.name.localeCompare(b.name) || (a.plan_id < b.plan_id ? -1 : 1));
}
