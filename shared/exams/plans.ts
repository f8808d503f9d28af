import { loadBank } from '../banks/load.ts';
import type { SimulationReport } from '../contracts/exam-plans.ts';
import { needsUsage, PlanProblem, testOf } from '../domain/exams/plan.ts';
import { type Abilities, type ExamSimulation, simulateExam, TooSlow } from '../domain/exams/simulation.ts';
import type { LoadedBank } from '../domain/items/loaded.ts';
import { conflict, notFound } from '../errors.ts';
import {
  classPlans,
  type ExamPlanRecord,
  examPlans,
  type PlanSimulation,
  planReleases,
  planSimulations,
  planUsage,
} from '../table/exam-plan.ts';
import { itemBanks } from '../table/item-bank.ts';
import type { Write } from '../table/table.ts';
import type { ExamWorld } from './world.ts';

export type NewPlan = Pick<
  ExamPlanRecord,
  | 'plan_id'
  | 'org_id'
  | 'name'
  | 'description'
  | 'exam_type'
  | 'bank_id'
  | 'bank_name'
  | 'class_ids'
  | 'opens_at'
  | 'closes_at'
  | 'max_sessions'
  | 'min_days_between'
  | 'config'
  | 'feedback'
>;

/** A draft. */
export const newPlan = (
  given: NewPlan,
  made: { readonly by: string; readonly at: string },
): ExamPlanRecord => ({
  ...given,
  status: 'draft',
  revision: 1,
  simulation: null,
  release: 0,
  released_revision: null,
  bank_version: null,
  created_by: made.by,
  created_at: made.at,
  updated_at: made.at,
  version: 1,
});

const notPublished = () =>
  conflict('item_bank.not_published', 'Publish the item bank before a test is made of it.');
const doesNotFit = ({ message }: PlanProblem) =>
  conflict('exam_plan.does_not_fit', `The plan does not fit this version of its bank: ${message}.`);

/** The newest published version of a plan's bank. @throws 409 `item_bank.not_published` */
export async function newestBank(
  world: ExamWorld,
  { bank_id }: Pick<ExamPlanRecord, 'bank_id'>,
): Promise<LoadedBank> {
  const bank = await world.table.get(itemBanks, { bank_id }, { consistent: true });
  if (!bank) throw notFound('item_bank');
  if (bank.published_version === 0) throw notPublished();
  return loadBank(world, bank_id, bank.published_version);
}

export interface SimulationRequest {
  readonly simulees: number;
  readonly seed: number;
  readonly theta: Abilities;
}

/** Of the function's 20 seconds; the rest is for reading the bank and writing the report. */
const budgetMs = 13_000;

const fitting = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (error instanceof PlanProblem) throw doesNotFit(error);
    if (error instanceof TooSlow) throw conflict('exam_plan.too_slow', error.message);
    throw error;
  }
};

/** Simulates the present configuration on the newest bank version; what is found is to be kept with the plan. */
export async function simulatePlan(
  world: ExamWorld,
  plan: ExamPlanRecord,
  request: SimulationRequest,
): Promise<PlanSimulation> {
  const bank = await newestBank(world, plan);
  const clock = () => performance.now();
  const started = clock();
  const found = fitting(() => simulateExam(bank, plan.config, { ...request, budget_ms: budgetMs, clock }));
  return {
    plan_id: plan.plan_id,
    k: found.k === null ? null : [...found.k],
    report: reportOf(plan, bank, request, found, {
      made_at: world.now().toISOString(),
      duration_ms: Math.round(clock() - started),
    }),
  };
}

const reportOf = (
  { plan_id, revision, bank_id }: ExamPlanRecord,
  { published }: LoadedBank,
  { seed, simulees }: SimulationRequest,
  { k: _k, ...found }: ExamSimulation,
  made: Pick<SimulationReport, 'made_at' | 'duration_ms'>,
): SimulationReport => ({
  plan_id,
  revision,
  bank_id,
  bank_version: published.version,
  seed,
  simulees_asked: simulees,
  ...made,
  truncated: found.truncated,
  summary: found.summary,
  conditional: [...found.conditional],
  lengths: [...found.lengths],
  stop_reasons: [...found.stop_reasons],
  exposure: [...found.exposure],
  exposure_rates: found.exposure_rates.map(rounded),
  never_used: [...found.never_used],
  groups: [...found.groups],
  sympson_hetter:
    found.sympson_hetter === null
      ? null
      : { converged: found.sympson_hetter.converged, max_exposure: [...found.sympson_hetter.max_exposure] },
  warnings: [...found.warnings],
});

/** A point of a plot. */
const rounded = (rate: number): number => Math.round(rate * 1e5) / 1e5;

/** Keeps a simulation, unless the plan has changed since it was read. */
export const simulationWrites = (
  { table }: ExamWorld,
  plan: ExamPlanRecord,
  simulation: PlanSimulation,
): Write[] => {
  const { revision, bank_version, made_at, summary, warnings } = simulation.report;
  return [
    table.replace(examPlans, plan, {
      ...plan,
      simulation: { revision, bank_version, made_at, summary, warnings },
    }),
    table.put(planSimulations, simulation),
  ];
};

interface Release {
  readonly plan: ExamPlanRecord;
  readonly writes: Write[];
}

/**
 * A plan as released to its classes, and what writes it: an immutable release that its sessions keep to. Released as it
 * is already, nothing new is made of it; a closed one opens again.
 *
 * @throws 409 `exam_plan.not_simulated`, `item_bank.not_published`, `exam_plan.does_not_fit`
 */
export async function releasing(
  world: ExamWorld,
  plan: ExamPlanRecord,
  options: { readonly by: string; readonly bank_version?: number | undefined },
): Promise<Release> {
  const { table } = world;
  const { simulation, plan_id, revision } = plan;
  if (simulation === null || simulation.revision !== revision)
    throw conflict('exam_plan.not_simulated', 'Simulate the plan as it is now, then release it.');
  const at = world.now().toISOString();
  const bank = await versionToRelease(world, plan, options.bank_version);
  const bank_version = bank.published.version;
  const opened = { ...plan, status: 'released' as const, updated_at: at };
  const pointers = plan.class_ids.map((class_id) => table.put(classPlans, pointerOf(plan, class_id, at)));
  if (plan.released_revision === revision && plan.bank_version === bank_version) {
    if (plan.status === 'released') return { plan, writes: [] };
    return {
      plan: { ...opened, version: plan.version + 1 },
      writes: [table.replace(examPlans, plan, opened), ...pointers],
    };
  }
  const k = await exposureParameters(world, plan, bank);
  fitting(() => testOf(bank, plan.config, { k }));
  const release = plan.release + 1;
  const next = { ...opened, release, released_revision: revision, bank_version };
  const id = { plan_id, release };
  const none = bank.published.items.map(() => 0);
  return {
    plan: { ...next, version: plan.version + 1 },
    writes: [
      table.replace(examPlans, plan, next),
      table.insert(planReleases, {
        ...id,
        revision,
        bank_id: plan.bank_id,
        bank_version,
        config: plan.config,
        k,
        released_by: options.by,
        released_at: at,
      }),
      ...(needsUsage(plan.config)
        ? [table.insert(planUsage, { ...id, sessions: 0, administered: none, eligible: none })]
        : []),
      ...pointers,
    ],
  };
}

export const pointerOf = (
  { plan_id, exam_type }: Pick<ExamPlanRecord, 'plan_id' | 'exam_type'>,
  class_id: string,
  released_at: string,
) => ({ class_id, exam_type, plan_id, released_at });

async function versionToRelease(
  world: ExamWorld,
  plan: ExamPlanRecord,
  wanted: number | undefined,
): Promise<LoadedBank> {
  const newest = await newestBank(world, plan);
  if (wanted === undefined || wanted === newest.published.version) return newest;
  if (wanted > newest.published.version) throw notPublished();
  return loadBank(world, plan.bank_id, wanted);
}

/** Those that the simulation found, by item where it ran on another version; an item that it did not know is free. */
async function exposureParameters(
  world: ExamWorld,
  plan: ExamPlanRecord,
  bank: LoadedBank,
): Promise<number[] | null> {
  if (plan.config.exposure.sympson_hetter === null) return null;
  const simulation = await world.table.get(planSimulations, plan, { consistent: true });
  const k = simulation?.k ?? null;
  if (!simulation || k === null || simulation.report.revision !== plan.revision)
    throw conflict('exam_plan.not_simulated', 'Simulate the plan as it is now, then release it.');
  const { bank_version } = simulation.report;
  if (bank_version === bank.published.version) return k;
  const simulated = await loadBank(world, plan.bank_id, bank_version);
  return bank.published.items.map(({ item_id }) => k[simulated.positions.get(item_id) ?? -1] ?? 1);
}
