import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyOfPlan, draftOfPlan, newPlan } from '#functions/console/pages/exam-plans/plan-draft.ts';
import { fieldOfPlan } from '#functions/console/pages/exam-plans/plan-fields.ts';
import { type ExamConfig, examConfig } from '#shared/contracts/exam-shapes.ts';

const zone = 'Asia/Seoul';
const id = (n: number) => `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** What a plan's form does not look at. */
const planWith = (config: ExamConfig) => ({
  plan_id: id(1),
  org_id: id(2),
  name: '중간고사',
  description: null,
  exam_type: 'midterm' as const,
  bank_id: id(3),
  bank_name: 'Bank',
  bank_version: null,
  class_ids: [id(4)],
  opens_at: '2026-12-01T00:00:00.000Z',
  closes_at: null,
  max_sessions: 2,
  min_days_between: null,
  feedback: { when: 'never' as const, show: 'band' as const, show_answers: false },
  status: 'draft' as const,
  release: 0,
  revision: 1,
  released_revision: null,
  max_items: 30,
  time_limit_s: null,
  item_time_limit_s: null,
  simulation: null,
  mine: null,
  created_by: id(5),
  created_at: '2026-11-01T00:00:00.000Z',
  updated_at: '2026-11-01T00:00:00.000Z',
  version: 1,
  config,
});

const share = fc.integer({ min: 1, max: 100 }).map((percent) => percent / 100);
const theta = fc.integer({ min: -400, max: 400 }).map((value) => value / 100);
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const estimator = fc.record({
  method: fc.constantFrom('MLE', 'MAP', 'EAP', 'WLE', 'EAPsum'),
  prior: fc.record({ mean: theta, sd: fc.constantFrom(0.5, 1, 2) }),
});
const config = fc.record({
  estimator,
  final_estimator: orNull(estimator),
  selection: fc.record({
    criterion: fc.constantFrom('MFI', 'KL', 'a_stratified', 'interval'),
    half_width: maybe(fc.constantFrom(0.5, 1)),
    strata: maybe(fc.integer({ min: 1, max: 8 })),
    blocking: fc.constantFrom(undefined, true),
  }),
  exposure: fc.record({
    randomesque: orNull(
      fc.record({ size: fc.integer({ min: 1, max: 9 }), items: orNull(fc.integer({ min: 1, max: 9 })) }),
    ),
    r_max: orNull(share),
    eligibility: orNull(fc.record({ r_max: share })),
    sympson_hetter: orNull(fc.record({ target: share, from: fc.integer({ min: 0, max: 9 }) })),
  }),
  content: fc.record({
    by: fc.constant('module'),
    proportions: fc.dictionary(fc.constantFrom('Loops', 'Strings', '함수'), share, { minKeys: 1 }),
    enemies: fc.array(fc.constant([id(7), id(8)]), { maxLength: 2 }),
    shadow: orNull(
      fc.record({
        constraints: fc.array(
          fc.oneof(
            fc.record({ by: fc.constant('tag'), value: fc.constant('len'), min: fc.constant(1) }),
            fc.record({ by: fc.constant('items'), items: fc.constant([id(7)]), max: fc.constant(3) }),
          ),
          { minLength: 1, maxLength: 3 },
        ),
      }),
    ),
  }),
  stop: fc.record({
    min_items: orNull(fc.integer({ min: 1, max: 10 })),
    max_items: fc.integer({ min: 10, max: 60 }),
    se: orNull(share.filter((value) => value >= 0.05)),
    confidence_interval: orNull(
      fc.record({
        bounds: fc.array(theta, { minLength: 1, maxLength: 3 }),
        confidence: maybe(fc.constant(0.9)),
      }),
    ),
    classification: orNull(fc.record({ cut: theta })),
    sprt: orNull(fc.record({ cut: theta, delta: fc.constant(0.2), alpha: maybe(fc.constant(0.1)) })),
    plateau: orNull(fc.record({ items: fc.integer({ min: 2, max: 9 }), tolerance: fc.constant(0.01) })),
    time_limit_s: orNull(fc.integer({ min: 1, max: 60 }).map((minutes) => minutes * 60)),
    combine: fc.constantFrom('any', 'all'),
  }),
  start: fc.record({ theta: orNull(theta), items: fc.constantFrom([], [id(9)]) }),
  pilot: orNull(
    fc.record({ count: fc.integer({ min: 1, max: 5 }), last: orNull(fc.integer({ min: 9, max: 20 })) }),
  ),
});

describe('the form of a plan', () => {
  it('gives back every setting as it was read', () => {
    fc.assert(
      fc.property(config, (given) => {
        const stored = examConfig.parse(JSON.parse(JSON.stringify(given)));
        const plan = planWith(stored);
        const body = bodyOfPlan(draftOfPlan(plan, zone), zone);
        expect(examConfig.parse(body.config)).toEqual(stored);
        expect(body).toMatchObject({ opens_at: plan.opens_at, closes_at: null, max_sessions: 2 });
      }),
      { numRuns: 300 },
    );
  });

  it('begins with the defaults of the contract', () => {
    expect(examConfig.parse(bodyOfPlan(newPlan(), zone).config)).toEqual(examConfig.parse({}));
  });

  it('keeps what is no number, for the contract to refuse at its field', () => {
    const body = bodyOfPlan({ ...newPlan(), se: 'a little', prior_sd: '' }, zone);
    const fields = (examConfig.safeParse(body.config).error?.issues ?? []).map(({ path }) =>
      fieldOfPlan(['config', ...path], newPlan()),
    );
    expect(fields).toEqual(expect.arrayContaining(['se', 'prior_sd']));
  });

  it('shows a problem of a share or a rule in its row', () => {
    const draft = {
      shares: [
        { name: 'Loops', share: '1' },
        { name: 'Strings', share: 'x' },
      ],
    };
    expect(fieldOfPlan(['config', 'content', 'proportions', 'Strings'], draft)).toBe('shares.1');
    expect(fieldOfPlan(['config', 'content', 'shadow', 'constraints', 2, 'min'], draft)).toBe(
      'constraints.2.min',
    );
    expect(fieldOfPlan(['closes_at'], draft)).toBe('closes_at');
  });
});
