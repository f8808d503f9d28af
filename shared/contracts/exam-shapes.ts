import * as z from 'zod';
import { criterionNames, estimatorNames } from '../domain/irt/names.ts';
import { id, instant, text } from './shapes.ts';

/** What plans, sessions and their statistics say about adaptive tests. */
export const examType = z
  .enum(['placement', 'practice', 'midterm', 'final'])
  .meta({ id: 'ExamType', description: 'What the test is for' });
export type ExamType = z.output<typeof examType>;

export const examStatus = z.enum(['in_progress', 'completed', 'abandoned', 'expired']).meta({
  id: 'ExamStatus',
  description:
    '`expired`: its time ran out before the plan’s fewest items were answered; with as many it is `completed`',
});
export type ExamStatus = z.output<typeof examStatus>;

/** Numbers of a plan are of everyday size, so that the table can hold each of them. */
export const everyday = (least: number, most: number) =>
  z
    .number()
    .min(least)
    .max(most)
    .refine((value) => value === 0 || Math.abs(value) >= 1e-6, 'must be 0 or at least 0.000001 in size');
const theta = everyday(-8, 8);
const share = everyday(0.001, 1);
const items = (most: number) => z.array(id).max(most);

const estimator = z
  .strictObject({
    method: z.enum(estimatorNames).default('EAP'),
    prior: z
      .strictObject({ mean: theta.default(0), sd: everyday(0.1, 5).default(1) })
      .default({ mean: 0, sd: 1 })
      .meta({ description: 'Normal prior of MAP, EAP and EAPsum' }),
    quadrature: z
      .strictObject({
        nodes: z.int().min(7).max(201).default(41),
        min: theta.default(-5),
        max: theta.default(5),
      })
      .default({ nodes: 41, min: -5, max: 5 })
      .meta({ description: 'Of EAP and EAPsum' }),
    bounds: z
      .strictObject({ min: theta.default(-6), max: theta.default(6) })
      .default({ min: -6, max: 6 })
      .meta({ description: 'Where MLE, MAP and WLE look for θ' }),
  })
  .meta({ id: 'ExamEstimator' });

const selection = z
  .strictObject({
    criterion: z.enum(criterionNames).default('MFI'),
    offset: everyday(-4, 4).optional().meta({ description: '`closest`: added to θ' }),
    half_width: everyday(0.01, 8).optional().meta({ description: '`interval`' }),
    acceleration: everyday(0, 20).optional().meta({ description: '`progressive`, `proportional`' }),
    strata: z.int().min(1).max(20).optional().meta({ description: 'Of the stratified criteria; 4' }),
    blocking: z.boolean().optional().meta({ description: 'Each stratum covers all difficulties' }),
  })
  .meta({ id: 'ExamSelection' });

const exposure = z
  .strictObject({
    randomesque: z
      .strictObject({
        size: z.int().min(1).max(50).default(5),
        items: z.int().min(1).max(200).nullable().default(5).meta({ description: 'null: always' }),
      })
      .nullable()
      .default({ size: 5, items: 5 })
      .meta({ description: 'One of the `size` best by lot, for the first `items` answers' }),
    r_max: share.nullable().default(null).meta({ description: 'Items given to this share of sessions rest' }),
    eligibility: z
      .strictObject({ r_max: share })
      .nullable()
      .default(null)
      .meta({ description: 'Each session draws which items it may use' }),
    sympson_hetter: z
      .strictObject({
        target: share.meta({ description: 'Highest share of sessions that an item should be given to' }),
        from: z.int().min(0).max(100).default(5).meta({ description: 'After how many answers' }),
      })
      .nullable()
      .default(null)
      .meta({ description: 'The simulation finds the exposure parameters' }),
  })
  .meta({ id: 'ExamExposure' });

/** What an item can be told by. */
export const contentAttribute = z.enum(['subject', 'module', 'grade', 'tag']);
const limits = {
  min: z.int().min(0).max(200).optional(),
  max: z.int().min(0).max(200).optional(),
  weight: everyday(0.001, 1000)
    .optional()
    .meta({ description: 'What one item too few or too many costs; 1' }),
} as const;
const attributeConstraint = z.strictObject({
  by: z.enum([...contentAttribute.options, 'kind']),
  value: text(100),
  ...limits,
});
const itemsConstraint = z.strictObject({ by: z.literal('items'), items: items(500).min(1), ...limits });
const constraints = z
  .array(z.discriminatedUnion('by', [attributeConstraint, itemsConstraint]))
  .max(50)
  .meta({ description: 'How many items of a kind a test has' });

const content = z
  .strictObject({
    by: contentAttribute
      .nullable()
      .default(null)
      .meta({ description: 'What `proportions` tell items apart by' }),
    proportions: z
      .record(
        text(100).refine(
          (name) => name !== 'constructor',
          'a group of this name cannot be kept: call its items otherwise',
        ),
        everyday(0, 1000),
      )
      .refine((value) => Object.keys(value).length <= 50, 'at most 50 groups')
      .default({})
      .meta({ description: 'Wanted share of each group; divided by their sum' }),
    enemies: z
      .array(items(50).min(2))
      .max(200)
      .default([])
      .meta({ description: 'Sets of items of which a test gives at most one' }),
    deviations: z
      .strictObject({ constraints, criterion_weight: everyday(0.001, 1000).default(1) })
      .nullable()
      .default(null)
      .meta({ description: 'Constraints that are weighed against the criterion' }),
    shadow: z
      .strictObject({ constraints })
      .nullable()
      .default(null)
      .meta({ description: 'Each item comes from the best whole test that keeps every constraint' }),
  })
  .refine(({ by, proportions }) => by !== null || Object.keys(proportions).length === 0, {
    path: ['by'],
    error: 'says what the proportions are of: subject, module, grade or tag',
  })
  .meta({ id: 'ExamContent' });

const confidence = everyday(0.5, 0.999).optional().meta({ description: '.95' });
const stop = z
  .strictObject({
    min_items: z
      .int()
      .min(1)
      .max(200)
      .nullable()
      .default(null)
      .meta({ description: 'null: 5, or `max_items` if that is less' }),
    max_items: z.int().min(1).max(200).default(30),
    se: everyday(0.05, 5).nullable().default(0.3).meta({ description: 'Standard error at most' }),
    confidence_interval: z
      .strictObject({ bounds: z.array(theta).min(1).max(10), confidence })
      .nullable()
      .default(null),
    classification: z.strictObject({ cut: theta, confidence }).nullable().default(null),
    sprt: z
      .strictObject({
        cut: theta,
        delta: everyday(0.01, 4),
        alpha: everyday(0.001, 0.5).optional(),
        beta: everyday(0.001, 0.5).optional(),
      })
      .nullable()
      .default(null),
    min_information: everyday(0.0001, 100).nullable().default(null),
    theta_change: everyday(0.0001, 4).nullable().default(null),
    plateau: z
      .strictObject({ items: z.int().min(2).max(50), tolerance: everyday(0, 1) })
      .nullable()
      .default(null),
    time_limit_s: z.int().min(30).max(86_400).nullable().default(null),
    combine: z.enum(['any', 'all']).default('any'),
  })
  .refine(({ min_items, max_items }) => min_items === null || min_items <= max_items, {
    path: ['min_items'],
    error: 'must not be above max_items',
  })
  .meta({ id: 'ExamStop', description: 'When a test ends: at `max_items` always, else by the rules given' });

const usualExposure: z.output<typeof exposure> = {
  randomesque: { size: 5, items: 5 },
  r_max: null,
  eligibility: null,
  sympson_hetter: null,
};
const usualStop: z.output<typeof stop> = {
  min_items: null,
  max_items: 30,
  se: 0.3,
  confidence_interval: null,
  classification: null,
  sprt: null,
  min_information: null,
  theta_change: null,
  plateau: null,
  time_limit_s: null,
  combine: 'any',
};
const usualEstimator: z.output<typeof estimator> = {
  method: 'EAP',
  prior: { mean: 0, sd: 1 },
  quadrature: { nodes: 41, min: -5, max: 5 },
  bounds: { min: -6, max: 6 },
};

/** The table keeps it in one item, beside the exposure parameters of five thousand items. */
const longestConfig = 150_000;

/** The whole configuration of a test; every part may be left out. */
export const examConfig = z
  .strictObject({
    estimator: estimator.default(usualEstimator),
    final_estimator: estimator
      .nullable()
      .default(null)
      .meta({ description: 'Estimates once more at the end; null: as during the test' }),
    selection: selection.default({ criterion: 'MFI' }),
    exposure: exposure.default(usualExposure),
    content: content.default({ by: null, proportions: {}, enemies: [], deviations: null, shadow: null }),
    stop: stop.default(usualStop),
    start: z
      .strictObject({
        theta: theta.nullable().default(null).meta({ description: 'null: the prior’s mean' }),
        items: items(50).default([]).meta({ description: 'Given to everybody first' }),
      })
      .default({ theta: null, items: [] }),
    pilot: z
      .strictObject({
        count: z.int().min(1).max(50),
        first: z.int().min(0).max(200).default(2),
        last: z.int().min(0).max(200).nullable().default(null),
      })
      .nullable()
      .default(null)
      .meta({
        description: 'Items on trial, given unscored between answers `first` and `last`, counted from 0',
      }),
    item_time_limit_s: z
      .int()
      .min(5)
      .max(3600)
      .nullable()
      .default(null)
      .meta({ description: 'What is not answered in time counts as wrong' }),
  })
  .refine((config) => JSON.stringify(config).length <= longestConfig, {
    error: `has more than ${longestConfig} characters as JSON: name fewer items one by one`,
  })
  .meta({ id: 'ExamConfig' });
export type ExamConfig = z.output<typeof examConfig>;

export const examFeedback = z
  .strictObject({
    when: z.enum(['never', 'after_session']).default('after_session'),
    show: z
      .enum(['band', 'score', 'theta'])
      .default('score')
      .meta({ description: 'Each shows what the one before it shows, too' }),
    show_answers: z
      .boolean()
      .default(false)
      .meta({ description: 'Questions with key and explanation; whoever saw them may tell others' }),
  })
  .meta({ id: 'ExamFeedback', description: 'What a student, and their guardian, learn afterwards' });
export type ExamFeedback = z.output<typeof examFeedback>;

export const scoreBand = z
  .object({
    low: z.number(),
    high: z.number(),
    level: z.enum(['far_below', 'below', 'average', 'above', 'far_above']),
  })
  .meta({
    id: 'ScoreBand',
    description:
      'Where the true score lies with 95 % confidence; `level`: θ below −1.5, to −0.5, to 0.5, to 1.5, above',
  });

export const score = z.number().min(200).max(800).meta({
  description: '500 + 100 θ, from 200 to 800: 500 is the average of whom the bank was made for',
});

/** What an ended test and a running one have in common with the live view. */
export const examProgress = z
  .object({
    answered: z.int(),
    max_items: z.int(),
    elapsed_s: z.int(),
    deadline_at: instant.nullable().meta({ description: 'Of the whole test, extra time included' }),
  })
  .meta({ id: 'ExamProgress' });

/** What only the server computes; of what a client sends there is known that it was sent. */
export const computed = z
  .preprocess(() => 'sent' as const, z.literal('sent'))
  .optional()
  .meta({ description: 'Refused with `server_computed`: the server computes it' });
export const serverComputed = {
  correct: computed,
  score: computed,
  theta: computed,
  standard_error: computed,
} as const;
