import * as z from 'zod';
import { everyday, examConfig, examFeedback, examType } from './exam-shapes.ts';
import { contract } from './operation.ts';
import { admins, classReaders, schoolTime, teachers } from './school-shapes.ts';
import { id, instant, nothing, page, paging, text } from './shapes.ts';

/** Content of the organisation is readable by its staff; the author and administrators change it. */
const planReaders = {
  ...classReaders,
  assistant: 'organization',
  teacher: 'organization',
} as const;
const planStaff = { assistant: 'organization', teacher: 'organization', ...admins } as const;
const planAuthors = { teacher: 'own', ...admins } as const;

export const planStatus = z.enum(['draft', 'released', 'closed']).meta({ id: 'ExamPlanStatus' });

/** Rules that count at once, also for a plan that is released. */
const rules = {
  name: text(200),
  description: text(1000).nullable(),
  class_ids: z
    .array(id)
    .max(40)
    .refine((ids) => new Set(ids).size === ids.length, 'names a class twice')
    .meta({ description: 'Whose students take the test' }),
  opens_at: instant.nullable(),
  closes_at: instant
    .nullable()
    .meta({ description: 'Nobody starts afterwards; who has started goes on to the end' }),
  max_sessions: z.int().min(1).max(100).nullable().meta({ description: 'Of each student; null: 500' }),
  min_days_between: z
    .int()
    .min(1)
    .max(365)
    .nullable()
    .meta({ description: 'From one start of a student to the next' }),
  feedback: examFeedback,
} as const;

const simulationSummary = z
  .object({
    simulees: z.int(),
    mean_items: z.number(),
    sd_items: z.number(),
    min_items: z.int(),
    max_items: z.int(),
    share_at_max_items: z.number(),
    bias: z.number().meta({ description: 'Mean of estimated minus true θ' }),
    rmse: z.number(),
    mae: z.number(),
    correlation: z.number(),
    mean_se: z.number(),
    items_used: z.int(),
    items_never_used: z.int(),
    max_exposure: z.number().meta({ description: 'Highest share of sessions that one item was given to' }),
    items_over_20_percent: z.int(),
    items_over_30_percent: z.int(),
    overlap: z.number().meta({ description: 'Mean share of items that two sessions have in common' }),
  })
  .meta({ id: 'SimulationSummary' });

const simulationWarning = z
  .object({
    code: z.enum([
      'precision_not_reached',
      'imprecise_range',
      'overexposed_items',
      'unused_items',
      'exposure_not_controlled',
      'sympson_hetter_not_converged',
      'content_not_kept',
      'truncated',
    ]),
    detail: z.string(),
  })
  .meta({ id: 'SimulationWarning' });

export const simulationReport = z
  .object({
    plan_id: id,
    revision: z.int().meta({ description: 'Of the plan’s configuration that was simulated' }),
    bank_id: id,
    bank_version: z.int(),
    seed: z.int(),
    simulees_asked: z.int(),
    truncated: z.boolean().meta({ description: 'Fewer simulees than asked for, because time was up' }),
    made_at: instant,
    duration_ms: z.int(),
    summary: simulationSummary,
    conditional: z
      .array(
        z.object({
          from: z.number(),
          to: z.number(),
          simulees: z.int(),
          bias: z.number(),
          rmse: z.number(),
          mean_se: z.number(),
          mean_items: z.number(),
        }),
      )
      .meta({ description: 'By intervals of true θ, rising' }),
    lengths: z
      .array(z.object({ items: z.int(), sessions: z.int() }))
      .meta({ description: 'Scored items of a session, rising' }),
    stop_reasons: z.array(z.object({ reason: z.string(), sessions: z.int() })),
    exposure: z
      .array(z.object({ item_id: id, rate: z.number() }))
      .meta({ description: 'The most exposed items, at most 100' }),
    exposure_rates: z
      .array(z.number())
      .meta({ description: 'Of all live items, falling; at most 1,000 points' }),
    never_used: z.array(id).meta({ description: 'At most 100' }),
    groups: z
      .array(z.object({ name: z.string(), wanted: z.number(), given: z.number() }))
      .meta({ description: 'Shares of the content groups' }),
    sympson_hetter: z
      .object({ max_exposure: z.array(z.number()), converged: z.boolean() })
      .nullable()
      .meta({ description: 'The search for exposure parameters, round by round' }),
    warnings: z.array(simulationWarning),
  })
  .meta({ id: 'SimulationReport' });
export type SimulationReport = z.output<typeof simulationReport>;

const examPlan = z
  .object({
    plan_id: id,
    org_id: id,
    exam_type: examType,
    ...rules,
    bank_id: id,
    bank_name: z.string(),
    bank_version: z.int().nullable().meta({ description: 'That the newest release is pinned to' }),
    status: planStatus,
    release: z.int().meta({ description: 'How often it was released' }),
    revision: z.int().meta({ description: 'Of the configuration; a simulation counts for one revision' }),
    released_revision: z.int().nullable(),
    max_items: z.int(),
    time_limit_s: z.int().nullable(),
    item_time_limit_s: z.int().nullable(),
    config: examConfig.nullable().meta({ description: 'null for students and guardians' }),
    simulation: z
      .object({
        revision: z.int(),
        bank_version: z.int(),
        made_at: instant,
        summary: simulationSummary,
        warnings: z.array(simulationWarning),
      })
      .nullable()
      .meta({ description: 'The newest; null for students and guardians' }),
    mine: z
      .object({
        sessions: z.int(),
        sessions_left: z.int().nullable(),
        running_session_id: id.nullable(),
        last_session_id: id.nullable(),
        can_start: z.boolean().meta({ description: 'Now; with a running session one goes on with that' }),
        next_at: instant.nullable().meta({ description: 'When the next session may start, if not now' }),
      })
      .nullable()
      .meta({ description: 'Where the student stands who asks' }),
    created_by: id,
    created_at: instant,
    updated_at: instant,
    version: z.int(),
  })
  .meta({ id: 'ExamPlan' });
export type ExamPlan = z.output<typeof examPlan>;

/** As they are asked for: dates may be the school's. */
const wantedRules = {
  ...rules,
  opens_at: schoolTime.nullable(),
  closes_at: schoolTime.nullable(),
} as const;

const one = { params: z.object({ plan_id: id }) };

export const examPlanOperations = contract({
  createExamPlan: {
    method: 'POST',
    path: '/api/core/exam-plans',
    summary: 'Make a plan of an adaptive test',
    description:
      'A draft: simulate and release it. It is checked against the newest published version of its bank.',
    access: teachers,
    body: z.strictObject({
      ...wantedRules,
      exam_type: examType,
      bank_id: id,
      description: rules.description.default(null),
      class_ids: rules.class_ids.default([]),
      opens_at: wantedRules.opens_at.default(null),
      closes_at: wantedRules.closes_at.default(null),
      max_sessions: rules.max_sessions.default(null),
      min_days_between: rules.min_days_between.default(null),
      config: examConfig.prefault({}),
      feedback: examFeedback.prefault({}),
    }),
    status: 201,
    response: examPlan,
    errors: [400, 409],
  },
  listExamPlans: {
    method: 'GET',
    path: '/api/core/exam-plans',
    summary: 'List plans of adaptive tests, by name',
    description:
      'Staff see those of their organisation; students and guardians the released ones of their classes.',
    access: planReaders,
    query: z.strictObject({
      class_id: id.optional(),
      exam_type: examType.optional(),
      status: planStatus.optional(),
      bank_id: id.optional(),
      ...paging,
    }),
    status: 200,
    response: page(examPlan),
    errors: [404],
  },
  getExamPlan: {
    method: 'GET',
    path: '/api/core/exam-plans/{plan_id}',
    summary: 'Read a plan',
    access: planReaders,
    ...one,
    status: 200,
    response: examPlan,
    errors: [404],
  },
  updateExamPlan: {
    method: 'PATCH',
    path: '/api/core/exam-plans/{plan_id}',
    summary: 'Change a plan',
    description:
      'Classes, dates and limits count at once, feedback for tests that begin afterwards. A change of `config` waits for the next release. `bank_id` and `exam_type` are those of the first release.',
    access: planAuthors,
    ...one,
    body: z
      .strictObject({ ...wantedRules, exam_type: examType, bank_id: id })
      .partial()
      .extend({
        config: examConfig.optional().meta({ description: 'Replaces the whole configuration' }),
        version: z.int().optional(),
      }),
    status: 200,
    response: examPlan,
    errors: [400, 404, 409],
  },
  deleteExamPlan: {
    method: 'DELETE',
    path: '/api/core/exam-plans/{plan_id}',
    summary: 'Delete a plan that was never released',
    access: planAuthors,
    ...one,
    status: 204,
    response: nothing,
    errors: [404, 409],
  },
  simulateExamPlan: {
    method: 'POST',
    path: '/api/core/exam-plans/{plan_id}/simulate',
    summary: 'Run a plan on simulated students',
    description:
      'Against the newest published version of the bank; within 15 seconds, with fewer simulees if need be; 409 `exam_plan.too_slow` where there is no time for 20. The report is kept with the plan.',
    access: planAuthors,
    ...one,
    body: z
      .strictObject({
        simulees: z.int().min(100).max(2000).default(500),
        seed: z.int().min(0).max(4_294_967_295).default(0),
        theta: z
          .union([
            z.strictObject({ mean: everyday(-4, 4), sd: everyday(0.05, 4) }),
            z.strictObject({
              from: everyday(-6, 6),
              to: everyday(-6, 6),
              steps: z.int().min(2).max(50),
            }),
          ])
          .default({ mean: 0, sd: 1 })
          .meta({
            description: 'True abilities: from a normal distribution, or as many at each point of a grid',
          }),
      })
      .prefault({}),
    status: 200,
    response: simulationReport,
    errors: [404, 409],
  },
  getExamPlanSimulation: {
    method: 'GET',
    path: '/api/core/exam-plans/{plan_id}/simulation',
    summary: 'Read the newest simulation of a plan',
    access: planStaff,
    ...one,
    status: 200,
    response: simulationReport,
    errors: [404],
  },
  releaseExamPlan: {
    method: 'POST',
    path: '/api/core/exam-plans/{plan_id}/release',
    summary: 'Release a plan to its classes',
    description:
      'Its present configuration must have been simulated. Again, with a newer version of the bank or another configuration: sessions that run keep theirs.',
    access: planAuthors,
    ...one,
    body: z
      .strictObject({
        bank_version: z.int().min(1).optional().meta({ description: 'The newest published one when absent' }),
      })
      .prefault({}),
    status: 200,
    response: examPlan,
    errors: [404, 409],
  },
  closeExamPlan: {
    method: 'POST',
    path: '/api/core/exam-plans/{plan_id}/close',
    summary: 'Close a plan: nobody starts any more',
    access: planAuthors,
    ...one,
    status: 200,
    response: examPlan,
    errors: [404, 409],
  },
});
