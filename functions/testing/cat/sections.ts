import * as z from 'zod';
import type { CatSection, catOperations } from '#shared/contracts/cat.ts';
import { examConfig } from '#shared/contracts/exam-shapes.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import { id, text } from '#shared/contracts/shapes.ts';
import { conflict } from '#shared/errors.ts';
import { releasedTest } from '#shared/exams/tests.ts';
import { parsePlainJson } from '#shared/http/body.ts';
import { invalidRequest, issuesOf } from '#shared/http/reply.ts';
import type { ExamPlanRecord } from '#shared/table/exam-plan.ts';
import { readablePlan } from '../plan-access.ts';
import { close, release, simulate } from '../plan-release.ts';
import { createPlan } from '../plan-write.ts';
import type { TestingWorld } from '../world.ts';

type Create = Request<(typeof catOperations)['createCatSection']>;

const configuration = z.union([
  z.strictObject({ plan_id: id }),
  z.strictObject({
    bank_id: id,
    name: text(200).default('CAT section'),
    config: examConfig.prefault({}),
  }),
]);

function readConfiguration(encoded: string): z.output<typeof configuration> {
  const parsed = configuration.safeParse(parsePlainJson(Buffer.from(encoded, 'base64').toString()));
  if (parsed.success) return parsed.data;
  throw invalidRequest(
    issuesOf('body', parsed.error).map(({ loc, ...issue }) => ({
      ...issue,
      loc: ['body', 'sectionConfiguration', ...loc.slice(1)],
    })),
  );
}

/** A section is a released plan: one that is there, or one that is made, simulated and released to no class. */
export async function createSection(
  world: TestingWorld,
  caller: Caller,
  { body, idempotency_key }: Create,
): Promise<{ sectionIdentifier: string }> {
  const wanted = readConfiguration(body.sectionConfiguration);
  if ('plan_id' in wanted)
    return { sectionIdentifier: (await releasedPlan(world, caller, wanted.plan_id)).plan_id };
  const { plan_id } = await createPlan(world, caller, { body: planBody(wanted), idempotency_key });
  await simulate(world, caller, plan_id, { simulees: 200, seed: 0, theta: { mean: 0, sd: 1 } });
  await release(world, caller, plan_id, {});
  return { sectionIdentifier: plan_id };
}

const planBody = ({
  bank_id,
  name,
  config,
}: Extract<z.output<typeof configuration>, { bank_id: string }>) => ({
  bank_id,
  name,
  config,
  description: null,
  exam_type: 'practice' as const,
  class_ids: [],
  opens_at: null,
  closes_at: null,
  max_sessions: null,
  min_days_between: null,
  feedback: { when: 'never' as const, show: 'score' as const, show_answers: false },
});

/** @throws 404 for what the caller may not read, 409 for a plan that was never released */
export async function releasedPlan(
  world: TestingWorld,
  caller: Caller,
  plan_id: string,
): Promise<ExamPlanRecord> {
  const plan = await readablePlan(world, caller, plan_id);
  if (plan.release === 0)
    throw conflict('exam_plan.not_released', 'Release the plan before it is a section.');
  return plan;
}

export async function readSection(world: TestingWorld, caller: Caller, plan_id: string): Promise<CatSection> {
  const plan = await releasedPlan(world, caller, plan_id);
  const { bank, release: frozen } = await releasedTest(world, plan);
  const { bank_id, bank_version, config } = frozen;
  const told = JSON.stringify({ plan_id, bank_id, bank_version, config });
  return {
    items: { itemIdentifiers: bank.published.items.map(({ item_id }) => item_id) },
    section: { sectionConfiguration: Buffer.from(told).toString('base64') },
  };
}

export async function deleteSection(world: TestingWorld, caller: Caller, plan_id: string): Promise<void> {
  await close(world, caller, plan_id);
}
