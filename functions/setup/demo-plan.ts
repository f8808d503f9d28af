import { examConfig, examFeedback } from '#shared/contracts/exam-shapes.ts';
import { newPlan, releasing, simulatePlan, simulationWrites } from '#shared/exams/plans.ts';
import type { ExamWorld } from '#shared/exams/world.ts';
import { derivedId } from '#shared/ids.ts';
import { type ExamPlanRecord, examPlans } from '#shared/table/exam-plan.ts';
import { itemBanks } from '#shared/table/item-bank.ts';
import { demoPeople, seeds } from '#shared/table/seed.ts';
import { type Root, unlessThere } from './content.ts';
import { classIdOf } from './demo.ts';
import { bankIdOf } from './item-banks.ts';

/** Enough to show what the plan does; it takes a tenth of a second. */
const simulees = 200;

/** Gives the demo school's class an adaptive test of the starting items, once, where the school has them. */
export async function makeDemoPlan(world: ExamWorld, root: Root): Promise<void> {
  const { table, now } = world;
  if (await table.get(seeds, { name: 'demo_plans' }, { consistent: true })) return;
  const bank_id = bankIdOf(root, 'python-basics');
  const [people, bank] = await Promise.all([
    table.get(demoPeople, {}, { consistent: true }),
    table.get(itemBanks, { bank_id }, { consistent: true }),
  ]);
  if (!people || !bank || bank.published_version === 0) return;
  const by = people.teacher;
  await unlessThere(table, [table.insert(examPlans, draft(root, bank, { by, at: now().toISOString() }))]);
  await release(world, { plan_id: planIdOf(root) }, by);
  const seeded = { name: 'demo_plans' as const, count: 1, created_at: now().toISOString() };
  await unlessThere(table, [table.insert(seeds, seeded)]);
}

const planIdOf = ({ org_id }: Root): string => derivedId(org_id, 'demo', 'plan', 'python-placement');

/** What a run before has begun is brought to its end. */
async function release(world: ExamWorld, id: Pick<ExamPlanRecord, 'plan_id'>, by: string): Promise<void> {
  const { table } = world;
  const made = await table.get(examPlans, id, { consistent: true });
  if (made?.status !== 'draft') return;
  if (made.simulation === null) {
    const found = await simulatePlan(world, made, { simulees, seed: 1, theta: { mean: 0, sd: 1 } });
    await unlessThere(table, simulationWrites(world, made, found));
  }
  const simulated = await table.get(examPlans, id, { consistent: true });
  if (simulated?.status !== 'draft') return;
  const { writes } = await releasing(world, simulated, { by });
  await unlessThere(table, writes);
}

const draft = (
  root: Root,
  bank: { readonly bank_id: string; readonly name: string },
  made: { readonly by: string; readonly at: string },
): ExamPlanRecord =>
  newPlan(
    {
      plan_id: planIdOf(root),
      org_id: root.org_id,
      name: 'Placement: Python basics',
      description:
        'Finds out what you know already: up to 20 questions that follow your answers, half an hour.',
      exam_type: 'practice',
      bank_id: bank.bank_id,
      bank_name: bank.name,
      class_ids: [classIdOf(root)],
      opens_at: null,
      closes_at: null,
      max_sessions: null,
      min_days_between: null,
      config: examConfig.parse({
        stop: { min_items: 8, max_items: 20, se: 0.4, time_limit_s: 1800 },
        exposure: { r_max: 0.4 },
      }),
      feedback: examFeedback.parse({ show: 'score', show_answers: true }),
    },
    made,
  );
