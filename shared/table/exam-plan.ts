import * as z from 'zod';
import { planStatus, simulationReport } from '../contracts/exam-plans.ts';
import { examConfig, examFeedback, examType } from '../contracts/exam-shapes.ts';
import { entity, sortable } from './entity.ts';

const summaryOfSimulation = simulationReport.pick({
  revision: true,
  bank_version: true,
  made_at: true,
  summary: true,
  warnings: true,
});

/**
 * A plan of an adaptive test.
 *
 * Access patterns:
 * - by id: `plan#<id>` / `plan`
 * - of an organisation by name: gsi1 `org#<org>#plans`
 */
export const examPlans = entity({
  type: 'exam_plan',
  schema: z.object({
    plan_id: z.string(),
    org_id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    exam_type: examType,
    bank_id: z.string(),
    bank_name: z.string(),
    class_ids: z.array(z.string()),
    status: planStatus,
    /** Of `config` and `bank_id`: a simulation and a release are of one revision. */
    revision: z.int(),
    opens_at: z.string().nullable(),
    closes_at: z.string().nullable(),
    max_sessions: z.int().nullable(),
    min_days_between: z.int().nullable(),
    config: examConfig,
    feedback: examFeedback,
    simulation: summaryOfSimulation.nullable(),
    /** The newest release: its number (0: none), and what it is pinned to. */
    release: z.int(),
    released_revision: z.int().nullable(),
    bank_version: z.int().nullable(),
    created_by: z.string(),
    created_at: z.string(),
    updated_at: z.string(),
    version: z.int(),
  }),
  key: ({ plan_id }: { plan_id: string }) => ({ pk: `plan#${plan_id}`, sk: 'plan' }),
  indexes: {
    gsi1: (item) => ({ pk: `org#${item.org_id}#plans`, sk: `${sortable(item.name)}#${item.plan_id}` }),
  },
});
export type ExamPlanRecord = z.output<typeof examPlans.schema>;

/**
 * What a release froze: sessions that began with it keep to it, whatever becomes of the plan. Written once, never
 * changed, so that it may be kept in memory for good.
 *
 * Access pattern: by plan and number: `plan#<id>` / `release#<n>`
 */
export const planReleases = entity({
  type: 'exam_plan_release',
  schema: z.object({
    plan_id: z.string(),
    release: z.int(),
    revision: z.int(),
    bank_id: z.string(),
    bank_version: z.int(),
    config: examConfig,
    /** Sympson & Hetter's exposure parameters, in the bank version's order; found by the simulation. */
    k: z.array(z.number()).nullable(),
    released_by: z.string(),
    released_at: z.string(),
  }),
  key: ({ plan_id, release }: { plan_id: string; release: number }) => ({
    pk: `plan#${plan_id}`,
    sk: `release#${String(release).padStart(5, '0')}`,
  }),
});
export type PlanRelease = z.output<typeof planReleases.schema>;

/**
 * The newest simulation, whole, and the exposure parameters that it found.
 *
 * Access pattern: by plan: `plan#<id>` / `simulation`
 */
export const planSimulations = entity({
  type: 'exam_plan_simulation',
  schema: z.object({ plan_id: z.string(), report: simulationReport, k: z.array(z.number()).nullable() }),
  key: ({ plan_id }: { plan_id: string }) => ({ pk: `plan#${plan_id}`, sk: 'simulation' }),
});
export type PlanSimulation = z.output<typeof planSimulations.schema>;

/**
 * How often a release's sessions were given each item of the bank version, in its order; exposure control by `r_max` or
 * eligibility needs it. Made with the release, all 0; counted from the stream, so that no answer waits for it. Nearly
 * exact is enough: it is a brake, not a statistic.
 *
 * Access pattern: by plan and release: `plan#<id>` / `usage#<n>`
 */
export const planUsage = entity({
  type: 'exam_plan_usage',
  schema: z.object({
    plan_id: z.string(),
    release: z.int(),
    sessions: z.int(),
    administered: z.array(z.int()),
    /** Sessions that might use the item; counted when they end. */
    eligible: z.array(z.int()),
  }),
  key: ({ plan_id, release }: { plan_id: string; release: number }) => ({
    pk: `plan#${plan_id}`,
    sk: `usage#${String(release).padStart(5, '0')}`,
  }),
});
export type PlanUsage = z.output<typeof planUsage.schema>;

/**
 * A released plan beside each of its classes, written in the plan's transactions.
 *
 * Access patterns:
 * - plans of a class: `class#<class>`, prefix `plan#`
 * - those of one type: `class#<class>`, prefix `plan#<type>#`
 */
export const classPlans = entity({
  type: 'class_plan',
  schema: z.object({
    class_id: z.string(),
    exam_type: examType,
    plan_id: z.string(),
    released_at: z.string(),
  }),
  key: (ref: { class_id: string; exam_type: string; plan_id: string }) => ({
    pk: `class#${ref.class_id}`,
    sk: `plan#${ref.exam_type}#${ref.plan_id}`,
  }),
});

/**
 * Where a student stands with a plan; written in the transactions that start a session and conclude it, so that of two
 * starts at once one goes on with the other's session.
 *
 * Access pattern: by plan and student: `plan#<id>` / `taker#<student>`
 */
export const planTakers = entity({
  type: 'exam_plan_taker',
  schema: z.object({
    plan_id: z.string(),
    student_id: z.string(),
    sessions: z.int(),
    running_session_id: z.string().nullable(),
    last_session_id: z.string(),
    last_started_at: z.string(),
    version: z.int(),
  }),
  key: ({ plan_id, student_id }: { plan_id: string; student_id: string }) => ({
    pk: `plan#${plan_id}`,
    sk: `taker#${student_id}`,
  }),
});
export type PlanTaker = z.output<typeof planTakers.schema>;
