import { describe, expect, test } from 'vitest';
import { PlanProblem } from '#shared/domain/exams/plan.ts';
import { simulateExam, TooSlow } from '#shared/domain/exams/simulation.ts';
import { bankOf, configOf, item, someBank } from './a-bank.ts';

const bank = someBank(60);
const options = { simulees: 150, seed: 7, theta: { mean: 0, sd: 1 }, budget_ms: 60_000, clock: () => 0 };

describe('a simulation', () => {
  test('is the same again with equal options, and another with another seed', () => {
    const config = configOf();
    const one = simulateExam(bank, config, options);
    expect(simulateExam(bank, config, options)).toEqual(one);
    expect(simulateExam(bank, config, { ...options, seed: 8 }).summary).not.toEqual(one.summary);
  });

  /** Each look at it takes a while. */
  const clockOf = (look_ms: number) => {
    let now = 0;
    return () => {
      now += look_ms;
      return now;
    };
  };

  test('runs as many simulees as there is time for, and says so', () => {
    const asked = { ...options, simulees: 1000 };
    const found = simulateExam(bank, configOf(), { ...asked, budget_ms: 3000, clock: clockOf(1) });
    const { simulees } = found.summary;
    expect(found.truncated).toBe(true);
    expect(simulees).toBeGreaterThanOrEqual(20);
    expect(simulees).toBeLessThan(300);
    expect(found.warnings.map(({ code }) => code)).toContain('truncated');
    const whole = simulateExam(bank, configOf(), { ...asked, simulees });
    expect({ ...whole, warnings: [], truncated: true }).toEqual({ ...found, warnings: [] });
  });

  test.each([
    ['', configOf()],
    [' with exposure parameters', configOf({ exposure: { sympson_hetter: { target: 0.6 } } })],
  ])('of a plan that takes too long%s says so in time, and what to change', (_, config) => {
    const clock = clockOf(50);
    expect(() => simulateExam(bank, config, { ...options, budget_ms: 3000, clock })).toThrow(TooSlow);
    expect(clock()).toBeLessThan(3300);
    expect(new TooSlow(3000).message).toMatch(/Fewer than 20 tests .* in 3 seconds.* simpler criterion/);
  });

  test('counts no item on trial among those of the bank', () => {
    const pilots = [100, 101].map((k) => item(k, 0, { status: 'pilot', parameters: null }));
    const mixed = bankOf([...bank.published.items, ...pilots]);
    const found = simulateExam(mixed, configOf({ pilot: { count: 1 } }), options);
    expect(found.exposure_rates).toHaveLength(60);
    expect(found.exposure.map(({ item_id }) => item_id)).not.toContain('item-100');
    expect(found.summary.items_used + found.summary.items_never_used).toBe(60);
  });

  test('tells of groups, and warns of what the bank cannot keep', () => {
    const content = { by: 'module', proportions: { algebra: 3, geometry: 1 } } as const;
    const kept = simulateExam(bank, configOf({ content, stop: { max_items: 12, se: null } }), options);
    expect(kept.groups.find(({ name }) => name === 'algebra')).toMatchObject({ wanted: 0.75, given: 0.75 });
    const few = bankOf(bank.published.items.filter(({ module }, at) => module === 'geometry' || at < 4));
    const broken = simulateExam(few, configOf({ content, stop: { max_items: 20, se: null } }), options);
    expect(broken.warnings.map(({ code }) => code)).toContain('content_not_kept');
  });

  test('warns where the precision that the plan wants is not reached', () => {
    const easy = bankOf(Array.from({ length: 20 }, (_, k) => item(k, -2)));
    const found = simulateExam(easy, configOf({ stop: { max_items: 15, se: 0.2 } }), options);
    expect(found.warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['precision_not_reached', 'imprecise_range', 'overexposed_items']),
    );
  });

  test('of a plan that does not fit, or whose target no bank keeps, says what is wrong', () => {
    expect(() => simulateExam(bank, configOf({ stop: { max_items: 61 } }), options)).toThrow(PlanProblem);
    const config = configOf({ exposure: { sympson_hetter: { target: 0.1 } } });
    expect(() => simulateExam(bank, config, options)).toThrow(/cannot make tests of 30 with r_max 0.1/);
  });
});
