import * as z from 'zod';
import { calibratedModels, gateNames, linkMethods } from '../domain/irt/names.ts';
import { calibrationProgress } from './calibration-progress.ts';
import { bankAuthors, bankReaders } from './item-banks.ts';
import { contract } from './operation.ts';
import { admins } from './school-shapes.ts';
import { decimal, id, instant, page, paging, text } from './shapes.ts';

const count = z.int().min(0);
const finite = z.number();

/** An item's curve, in the bank's metric. */
const dichotomous = z.object({
  model: z.enum(['1PL', '2PL', '3PL', '4PL']),
  a: finite,
  b: finite,
  c: finite,
  d: finite,
});
const polytomous = z.object({ model: z.enum(['GRM', 'GPCM']), a: finite, thresholds: z.array(finite) });
const curveParameters = z
  .discriminatedUnion('model', [dichotomous, polytomous])
  .meta({ id: 'CurveParameters', description: 'Parameters of an item’s response curve' });
export type CurveParameters = z.output<typeof curveParameters>;

const model = z.enum(calibratedModels).meta({
  description:
    '1PL, 2PL, 3PL: of items that are right or wrong; those with partial credit keep their model, else GRM. GRM, GPCM: of items with partial credit, 2PL of the others',
});
const mode = z.enum(['free', 'fixed']).meta({
  description:
    'free: every item that enough persons answered, θ standard normal. fixed: the live items keep their parameters and the pilot items are placed on their scale',
});

export const difBy = ['class', 'grade', 'exam_type'] as const;
const group = text(100);
const dif = z
  .strictObject({
    by: z.enum(difBy),
    reference: group.meta({ description: 'A class’s id, a grade or a kind of exam' }),
    focal: group.meta({ description: 'Who may be at a disadvantage' }),
  })
  .refine(({ reference, focal }) => reference !== focal, 'the two groups must differ');
const link = z.strictObject({
  method: z.enum(linkMethods).default('stocking_lord'),
  anchor: z
    .union([z.literal('all'), z.array(id).min(1).max(1000)])
    .default('all')
    .meta({ description: 'Items that carry the old scale; all: every calibrated item that has parameters' }),
});
const difClass = z.enum(['A', 'B', 'C']);
const gates = z.strictObject({
  min_answers: z.int().min(30).max(100_000).default(300),
  max_se_b: z.number().min(0.01).max(5).default(0.25),
  max_se_a: z.number().min(0.01).max(5).nullable().default(null),
  min_fit_p: decimal().min(0).max(0.5).default(0.01),
  failing_dif: z.array(difClass).max(3).default(['C']),
});

const asked = {
  bank_id: id,
  bank_version: z
    .int()
    .min(1)
    .optional()
    .meta({ description: 'Whose items and parameters count; the newest published one when absent' }),
  model: model.default('2PL'),
  mode: mode.default('fixed'),
  items: z
    .array(id)
    .min(1)
    .max(1000)
    .optional()
    .meta({ description: 'What is calibrated; when absent the pilot items (fixed) or all (free)' }),
  from: instant.optional().meta({ description: 'Sessions that ended then or later' }),
  to: instant.optional().meta({ description: 'Sessions that ended before; now when absent' }),
  dif: dif.nullable().default(null),
  link: link.nullable().default(null).meta({ description: 'free only: bring the result to the old scale' }),
  gates: gates.prefault({}),
};
export const calibrationRequest = z.strictObject(asked).meta({ id: 'CalibrationRequest' });
export type CalibrationRequest = z.output<typeof calibrationRequest>;

/** What was asked for, with everything filled in. */
export const calibrationConfig = z.object({
  model,
  mode,
  items: z.array(id).nullable(),
  from: instant.nullable(),
  to: instant,
  dif: dif.nullable(),
  link: link.nullable(),
  gates,
});
export type CalibrationConfig = z.output<typeof calibrationConfig>;

const latent = z.object({
  mean: finite,
  sd: finite,
  se_mean: finite.nullable(),
  se_sd: finite.nullable(),
});

export const calibrationSummary = z
  .object({
    sessions: count.meta({ description: 'Completed tests whose answers count' }),
    answers: count,
    items: count.meta({ description: 'Calibrated' }),
    passed: count.meta({ description: 'Of them, items that pass every gate' }),
    left_out: count.meta({ description: 'Items that could not be calibrated' }),
    converged: z.boolean(),
    log_likelihood: finite,
    aic: finite,
    bic: finite,
    latent,
    reliability: finite.nullable().meta({ description: 'Empirical, of the estimated θ' }),
  })
  .meta({ id: 'CalibrationSummary' });
export type CalibrationSummary = z.output<typeof calibrationSummary>;

const skipped = z.object({
  item_id: id,
  reason: z.enum(['changed', 'gone']).meta({
    description: 'Edited since the version that was calibrated, or no longer there: left as it is',
  }),
});
export const calibrationPublication = z
  .object({
    status: z.enum(['publishing', 'published']),
    items: z.array(id),
    skipped: z.array(skipped),
    bank_version: z.int().nullable(),
    note: z.string().nullable(),
    override_reason: z.string().nullable(),
    published_by: id,
    started_at: instant,
    published_at: instant.nullable(),
  })
  .meta({ id: 'CalibrationPublication' });
export type CalibrationPublication = z.output<typeof calibrationPublication>;

export const calibration = z
  .object({
    calibration_id: id.meta({ description: 'Also its job’s id: watch `job:<calibration_id>`' }),
    org_id: id,
    bank_id: id,
    bank_version: z.int(),
    config: calibrationConfig,
    status: z.enum(['pending', 'running', 'completed', 'failed', 'cancelled']),
    progress: calibrationProgress,
    summary: calibrationSummary.nullable(),
    publication: calibrationPublication.nullable(),
    created_by: id,
    created_by_name: z.string(),
    created_at: instant,
    started_at: instant.nullable(),
    ended_at: instant.nullable(),
    attempt: z.int(),
    last_seq: z.int().meta({ description: 'Number of the newest event on `job:<calibration_id>`' }),
    error_code: z.string().nullable(),
    error_detail: z.string().nullable(),
  })
  .meta({
    id: 'Calibration',
    description: 'Parameters of a bank’s items from the answers of completed tests',
  });
export type Calibration = z.output<typeof calibration>;

const chiSquare = z.object({ chi_square: finite.nullable(), p: finite.nullable() });
const difResult = z.object({
  reference: count.meta({ description: 'Persons of the reference group who answered it' }),
  focal: count,
  mantel_haenszel: z
    .object({
      alpha: finite.nullable(),
      delta: finite.nullable().meta({ description: 'ETS delta; negative: harder for the focal group' }),
      delta_se: finite.nullable(),
      ...chiSquare.shape,
      class: difClass.nullable(),
    })
    .meta({ description: 'By strata of θ' }),
  logistic: z.object({
    uniform: chiSquare,
    nonuniform: chiSquare,
    r_squared_gain: finite.nullable(),
    class: difClass,
  }),
});
const gateOutcome = z.object({
  gate: z.enum(gateNames),
  passed: z.boolean(),
  value: z.union([z.number(), z.string()]).nullable(),
  limit: z.union([z.number(), z.string()]),
});
const point = z.object({
  theta: finite,
  n: count,
  observed: finite.meta({ description: 'Mean share of the credit, 0…1, of persons about this θ' }),
  expected: finite,
});

export const calibrationItem = z
  .object({
    item_id: id,
    revision: z.int().meta({ description: 'The revision in the calibrated version of the bank' }),
    status: z.enum(['live', 'pilot']),
    answers: count,
    mean_score: finite.meta({ description: 'Mean share of the credit, 0…1' }),
    before: curveParameters.nullable(),
    after: curveParameters,
    se: z
      .object({
        a: finite.nullable(),
        b: finite.nullable(),
        c: finite.nullable(),
        thresholds: z.array(finite),
      })
      .nullable(),
    displacement: finite
      .nullable()
      .meta({ description: 'Of an item that carried the link: old b minus new b on the old scale' }),
    fit: z
      .object({
        method: z.enum(['s_x2', 'predictive']).meta({
          description:
            'S-X² where persons answered the same items; else χ² of what their other answers foretell',
        }),
        statistic: finite,
        df: z.int(),
        p: finite.nullable(),
      })
      .nullable(),
    infit: finite.nullable(),
    outfit: finite.nullable(),
    dif: difResult.nullable(),
    warnings: z.array(z.enum(['negative_slope', 'steep_slope', 'extreme_difficulty', 'high_guessing'])),
    gates: z.array(gateOutcome),
    passed: z.boolean(),
    points: z
      .array(point)
      .meta({ description: 'For the plot of the curve: what persons of about that θ did' }),
  })
  .meta({ id: 'CalibrationItem' });
export type CalibrationItem = z.output<typeof calibrationItem>;

export const calibrationReport = z
  .object({
    calibration_id: id,
    bank_id: id,
    bank_version: z.int(),
    D: finite,
    config: calibrationConfig,
    summary: calibrationSummary,
    convergence: z.object({
      cycles: count,
      newton_steps: count,
      distance: finite.nullable().meta({ description: 'To the maximum, in slopes and intercepts' }),
      held: z.array(id).meta({ description: 'Items of which a parameter ran away and is held at its bound' }),
      trace: z.array(finite).meta({ description: 'Log-likelihood and ln prior, thinned to 100 cycles' }),
    }),
    link: z
      .object({ method: z.string(), A: finite, B: finite, anchors: z.array(id) })
      .nullable()
      .meta({ description: 'θ on the bank’s scale = A θ + B' }),
    fixed: count.meta({ description: 'Items whose parameters stayed' }),
    sessions: z.object({
      found: count,
      used: count,
      without_answers: count.meta({ description: 'No answer to an item of this version' }),
      capped: z.boolean().meta({ description: 'Only the newest 50,000 were read' }),
    }),
    other_content: count.meta({
      description: 'Answers to another text or key of an item, which do not count',
    }),
    left_out: z.array(
      z.object({
        item_id: id,
        reason: z.enum(['unanswered', 'few_answers', 'one_category', 'empty_category']),
        answers: count,
      }),
    ),
    items: z.array(calibrationItem),
    made_at: instant,
  })
  .meta({ id: 'CalibrationReport' });
export type CalibrationReport = z.output<typeof calibrationReport>;

const one = { params: z.object({ calibration_id: id }) };

export const calibrationOperations = contract({
  createCalibration: {
    method: 'POST',
    path: '/api/core/calibrations',
    summary: 'Calibrate items from the answers of completed tests',
    description:
      'A job: estimates the parameters of items, their fit and differential item functioning, and checks each against the gates. Nothing changes before a person publishes it. For the bank’s author and administrators.',
    access: bankAuthors,
    body: calibrationRequest,
    status: 202,
    response: calibration,
    errors: [400, 409, 429],
  },
  listCalibrations: {
    method: 'GET',
    path: '/api/core/calibrations',
    summary: 'List calibrations, newest first',
    access: bankReaders,
    query: z.strictObject({
      bank_id: id.optional(),
      status: calibration.shape.status.optional(),
      ...paging,
    }),
    status: 200,
    response: page(calibration),
    errors: [404],
  },
  getCalibration: {
    method: 'GET',
    path: '/api/core/calibrations/{calibration_id}',
    summary: 'Read a calibration',
    access: bankReaders,
    ...one,
    status: 200,
    response: calibration,
    errors: [404],
  },
  getCalibrationReport: {
    method: 'GET',
    path: '/api/core/calibrations/{calibration_id}/report',
    summary: 'Read what a calibration found, item by item',
    access: bankReaders,
    ...one,
    status: 200,
    response: calibrationReport,
    errors: [404, 409],
  },
  publishCalibration: {
    method: 'POST',
    path: '/api/core/calibrations/{calibration_id}/publish',
    summary: 'Give items their calibrated parameters and publish the bank',
    description:
      'Items that failed a gate, and parameters on another scale than the bank’s, need an override_reason. Pilot items become live. Each item gets a new revision, and the bank, as it is then, a new version; sessions under way keep theirs. The same request again goes on where it stopped, or gives the stored outcome.',
    access: bankAuthors,
    ...one,
    body: z.strictObject({
      item_ids: z.array(id).min(1).max(1000).optional().meta({ description: 'All that passed when absent' }),
      note: text(500).optional(),
      override_reason: text(500, 10).optional(),
    }),
    status: 200,
    response: calibration,
    errors: [400, 404, 409],
  },
  cancelCalibration: {
    method: 'POST',
    path: '/api/core/calibrations/{calibration_id}/cancel',
    summary: 'Cancel a calibration',
    access: bankAuthors,
    ...one,
    status: 200,
    response: calibration,
    errors: [404, 409],
  },
  redriveCalibration: {
    method: 'POST',
    path: '/api/core/calibrations/{calibration_id}/redrive',
    summary: 'Run a failed calibration once more',
    access: admins,
    ...one,
    status: 202,
    response: calibration,
    errors: [404, 409],
  },
});
