import { beforeAll, describe, expect, test } from 'vitest';
import type { CalibrationReport } from '#shared/contracts/calibrations.ts';
import type { ItemParameters } from '#shared/domain/irt/index.ts';
import { events, eventsKey } from '#shared/realtime/event.ts';
import { answered, calibratorOf, itemOf, slopesAndDifficulties } from '#tests/support/calibrations.ts';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { aBank, anItem } from '#tests/support/testing.ts';

const school = await aSchool();
const teacher = await school.person('teacher');
const calibrator = await calibratorOf(school);
const { org_id } = school;
const by = teacher.user_id;

type Body = Parameters<typeof teacher.testing.createCalibration>[0]['body'];

/** Starts a calibration, runs it, and reads what came of it. */
async function calibrated(body: Body) {
  const { calibration_id } = await teacher.testing.createCalibration({ body });
  const outcome = await calibrator.run(calibration_id);
  const params = { calibration_id };
  const view = await teacher.testing.getCalibration({ params });
  return { calibration_id, outcome, view };
}
const reportOf = (calibration_id: string): Promise<CalibrationReport> =>
  teacher.testing.getCalibrationReport({ params: { calibration_id } });

const truthOf = (
  { items }: { readonly items: readonly { readonly item_id: string }[] },
  truth: readonly ItemParameters[],
) => new Map(items.flatMap(({ item_id }, i) => (truth[i] ? [[item_id, truth[i]] as const] : [])));

const rootMeanSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

/** Errors of the calibrated parameters, and the same in standard errors: where these hold it is about 1. */
function errorsOf(report: CalibrationReport, truth: ReadonlyMap<string, ItemParameters>) {
  const found = report.items.flatMap(({ item_id, after, se }) => {
    const known = truth.get(item_id);
    if (known === undefined || se === null) throw new Error(`${item_id} is not known`);
    const [b, wanted] = [after, known].map((one) => ('thresholds' in one ? one.thresholds : [one.b]));
    const errors = 'thresholds' in after ? se.thresholds : [se.b];
    return [
      { error: after.a - (known.a ?? 1), se: se.a },
      ...(b ?? []).map((value, k) => ({ error: value - (wanted?.[k] ?? Number.NaN), se: errors[k] ?? null })),
    ];
  });
  return {
    raw: rootMeanSquare(found.map(({ error }) => error)),
    standardised: rootMeanSquare(found.map(({ error, se }) => error / (se ?? Number.NaN))),
  };
}

function expectRecovered(report: CalibrationReport, truth: ReadonlyMap<string, ItemParameters>): void {
  const { raw, standardised } = errorsOf(report, truth);
  expect(raw).toBeLessThan(0.25);
  expect(standardised).toBeGreaterThan(0.6);
  expect(standardised).toBeLessThan(1.4);
}

describe('2PL, everything free', () => {
  const truth = slopesAndDifficulties(15, 11);
  let report: CalibrationReport;
  let known: Map<string, ItemParameters>;
  let result: Awaited<ReturnType<typeof calibrated>>;
  beforeAll(async () => {
    const bank = await aBank(school, { org_id, by, items: truth.map((one, i) => itemOf(i, one)) });
    known = truthOf(bank, truth);
    await answered(school, bank, truth, { persons: 600, seed: 21 });
    result = await calibrated({ bank_id: bank.bank_id, mode: 'free', model: '2PL' });
    report = await reportOf(result.calibration_id);
  });

  test('the job ends with a summary, and says so to whoever follows it', async () => {
    expect(result.outcome).toBe('succeeded');
    expect(result.view).toMatchObject({
      status: 'completed',
      attempt: 1,
      summary: { sessions: 600, answers: 9_000, items: 15, left_out: 0, converged: true },
    });
    const told = await school.table.queryAll(events, { pk: eventsKey(`job:${result.calibration_id}`) });
    expect(told.map(({ seq }) => seq)).toEqual(told.map((_, i) => i + 1));
    const stages = told.filter(({ event_type }) => event_type === 'calibration.progress');
    expect(stages.map(({ data }) => data['stage'])).toEqual(
      expect.arrayContaining(['estimating', 'judging', 'writing']),
    );
    expect(told.at(-1)).toMatchObject({ event_type: 'job.status', data: { status: 'completed' } });
  });

  test('the true parameters are recovered within their standard errors', () => {
    expectRecovered(report, known);
  });

  test('each item has its fit, residuals about 1, gates, and points that follow its curve', () => {
    for (const item of report.items) {
      expect(item.fit?.method).toBe('s_x2');
      expect(item.infit).toBeGreaterThan(0.7);
      expect(item.infit).toBeLessThan(1.3);
      expect(item.points).toHaveLength(10);
      expect(item.points.reduce((n, point) => n + point.n, 0)).toBe(600);
      expect(rootMeanSquare(item.points.map(({ observed, expected }) => observed - expected))).toBeLessThan(
        0.12,
      );
      expect(item.gates.map(({ gate }) => gate)).toEqual([
        'converged',
        'answers',
        'se_b',
        'discrimination',
        'fit',
      ]);
    }
    expect(report.items.filter(({ passed }) => passed).length).toBe(result.view.summary?.passed);
    expect(report.items.filter(({ passed }) => passed).length).toBeGreaterThanOrEqual(12);
  });
});

describe('pilot items beside live ones in an adaptive test', () => {
  const truth = slopesAndDifficulties(40, 31);
  const isPilot = (i: number): boolean => i >= 34;

  test('they are placed on the scale of the live items, which abler persons answered', async () => {
    const items = truth.map((one, i) => itemOf(i, isPilot(i) ? null : one));
    const bank = await aBank(school, { org_id, by, items });
    const known = truthOf(bank, truth);
    await answered(school, bank, truth, {
      persons: 600,
      seed: 41,
      mean: 0.7,
      sd: 0.9,
      asks: (person, i) => (person * 7 + i * 13) % 10 < (isPilot(i) ? 8 : 4),
    });
    const { calibration_id, outcome } = await calibrated({ bank_id: bank.bank_id });
    expect(outcome).toBe('succeeded');
    const report = await reportOf(calibration_id);
    expect(report.items.map(({ item_id }) => item_id)).toEqual(
      bank.items.filter((_, i) => isPilot(i)).map(({ item_id }) => item_id),
    );
    expect(report.fixed).toBe(34);
    expect(report.items.every(({ before, fit }) => before === null && fit?.method === 'predictive')).toBe(
      true,
    );
    expect(Math.abs(report.summary.latent.mean - 0.7)).toBeLessThan(0.15);
    expect(Math.abs(report.summary.latent.sd - 0.9)).toBeLessThan(0.15);
    expectRecovered(report, known);
  });
});

describe('items with partial credit', () => {
  test('GRM thresholds are recovered beside right-or-wrong items', async () => {
    const truth: ItemParameters[] = slopesAndDifficulties(10, 51).map((one, i) =>
      i % 2 === 0 && 'b' in one
        ? { model: 'GRM', a: one.a ?? 1, thresholds: [one.b - 0.8, one.b + 0.1, one.b + 0.9] }
        : one,
    );
    const items = truth.map((one, i) =>
      'thresholds' in one
        ? anItem({
            kind: 'multi',
            body: `Several ${i}`,
            options: ['a', 'b', 'c', 'd', 'e'],
            key: [0, 1, 2],
            parameters: { ...one, thresholds: [-1, 0, 1] },
          })
        : itemOf(i, one),
    );
    const bank = await aBank(school, { org_id, by, items });
    const known = truthOf(bank, truth);
    await answered(school, bank, truth, { persons: 500, seed: 61 });
    const { calibration_id } = await calibrated({ bank_id: bank.bank_id, mode: 'free', model: 'GRM' });
    const report = await reportOf(calibration_id);
    expect(report.items.map(({ after }) => after.model)).toEqual(truth.map(({ model }) => model));
    expectRecovered(report, known);
  });
});

describe('a link', () => {
  test('brings a free calibration of abler persons to the old scale', async () => {
    const truth = slopesAndDifficulties(15, 71);
    const bank = await aBank(school, { org_id, by, items: truth.map((one, i) => itemOf(i, one)) });
    const known = truthOf(bank, truth);
    await answered(school, bank, truth, { persons: 600, seed: 81, mean: 0.8, sd: 0.8 });
    const { calibration_id } = await calibrated({
      bank_id: bank.bank_id,
      mode: 'free',
      link: { method: 'stocking_lord', anchor: 'all' },
    });
    const report = await reportOf(calibration_id);
    expect(report.link).toMatchObject({ method: 'stocking_lord' });
    expect(Math.abs((report.link?.A ?? 0) - 0.8)).toBeLessThan(0.12);
    expect(Math.abs((report.link?.B ?? 0) - 0.8)).toBeLessThan(0.12);
    expectRecovered(report, known);
    const displacements = report.items.map(({ displacement }) => displacement ?? Number.NaN);
    expect(rootMeanSquare(displacements)).toBeLessThan(0.25);
  });
});

describe('differential item functioning', () => {
  test('an item that is harder for one class is found, and fails its gate', async () => {
    const truth = slopesAndDifficulties(12, 91);
    const bank = await aBank(school, { org_id, by, items: truth.map((one, i) => itemOf(i, one)) });
    await answered(school, bank, truth, {
      persons: 700,
      seed: 101,
      session: (person) => ({ class_id: person % 2 === 0 ? 'morning' : 'evening' }),
      shift: (person, i) => (i === 3 && person % 2 === 1 ? 1.2 : 0),
    });
    const { calibration_id } = await calibrated({
      bank_id: bank.bank_id,
      mode: 'free',
      dif: { by: 'class', reference: 'morning', focal: 'evening' },
    });
    const { items } = await reportOf(calibration_id);
    expect(items[3]?.dif).toMatchObject({ reference: 350, focal: 350, mantel_haenszel: { class: 'C' } });
    expect(items[3]?.dif?.mantel_haenszel.delta ?? 0).toBeLessThan(-1.5);
    expect(items[3]?.gates.find(({ gate }) => gate === 'dif')).toMatchObject({ passed: false, value: 'C' });
    const flagged = items.filter(({ dif }) => dif?.mantel_haenszel.class === 'C');
    expect(flagged).toHaveLength(1);
  });
});

describe('which answers count', () => {
  test('not those to another text, not the void, not of other times; what came too late scores nothing', async () => {
    const truth = slopesAndDifficulties(8, 111);
    const bank = await aBank(school, { org_id, by, items: truth.map((one, i) => itemOf(i, one)) });
    const [first] = bank.items;
    if (!first) throw new Error('the bank is empty');
    const changed = { body: 'Another question', key: 2 };
    await teacher.testing.updateItem({ params: { item_id: first.item_id }, body: { body: 'A question' } });
    await teacher.testing.updateItem({ params: { item_id: first.item_id }, body: changed });
    await answered(school, bank, truth, {
      persons: 120,
      seed: 121,
      session: (person) => (person >= 100 ? { ended_at: '2020-01-01T00:00:00.000Z' } : {}),
      response: (one, person) => {
        if (one.item_id === first.item_id) return { ...one, revision: person % 2 === 0 ? 1 : 2 };
        if (person === 0) return { ...one, category: -2, x: null };
        return person === 1 ? { ...one, category: -1, x: 0 } : one;
      },
    });
    const { calibration_id } = await calibrated({
      bank_id: bank.bank_id,
      mode: 'free',
      from: '2021-01-01T00:00:00.000Z',
    });
    const { sessions, other_content, items } = await reportOf(calibration_id);
    expect(sessions).toEqual({ found: 100, used: 100, without_answers: 0, capped: false });
    expect(other_content).toBe(50);
    expect(items.map(({ answers }) => answers)).toEqual([50, 99, 99, 99, 99, 99, 99, 99]);
    expect(items.every(({ gates }) => !gates.every(({ passed }) => passed))).toBe(true);
  });

  test('items that nobody, few, or everybody right answered are left out, and named', async () => {
    const truth = slopesAndDifficulties(6, 131);
    const bank = await aBank(school, { org_id, by, items: truth.map((one, i) => itemOf(i, one)) });
    const ids = bank.items.map(({ item_id }) => item_id);
    await answered(school, bank, truth, {
      persons: 100,
      seed: 141,
      asks: (person, i) => i !== 0 && (i !== 1 || person < 29),
      response: (one) => (one.item_id === ids[2] ? { ...one, category: 1, x: 1 } : one),
    });
    const { calibration_id } = await calibrated({ bank_id: bank.bank_id, mode: 'free' });
    const { left_out, items } = await reportOf(calibration_id);
    expect(left_out).toEqual([
      { item_id: ids[0], reason: 'unanswered', answers: 0 },
      { item_id: ids[1], reason: 'few_answers', answers: 29 },
      { item_id: ids[2], reason: 'one_category', answers: 100 },
    ]);
    expect(items.map(({ item_id }) => item_id)).toEqual(ids.slice(3));
  });

  test('without answers the calibration fails and says why; there is no report', async () => {
    const bank = await aBank(school, { org_id, by });
    const { calibration_id, outcome, view } = await calibrated({ bank_id: bank.bank_id, mode: 'free' });
    expect(outcome).toBe('refused');
    expect(view).toMatchObject({ status: 'failed', error_code: 'calibration.no_items', summary: null });
    expect(await refusal(reportOf(calibration_id))).toBe('409 calibration.not_completed');
  });
});

describe('asking for a calibration', () => {
  test('names what is wrong with it', async () => {
    const bank = await aBank(school, { org_id, by });
    const unpublished = await aBank(school, { org_id, by, publish: false });
    const start = (body: Body) => refusal(teacher.testing.createCalibration({ body }));
    const { bank_id } = bank;
    expect(await start({ bank_id: 'nothing' })).toBe('400 item_bank.unknown');
    expect(await start({ bank_id: unpublished.bank_id })).toBe('409 item_bank.not_published');
    expect(await start({ bank_id, bank_version: 7 })).toBe('400 version.unknown');
    expect(await start({ bank_id, items: ['nothing'] })).toBe('400 item.unknown');
    expect(await start({ bank_id, link: {} })).toBe('422 request.invalid');
    expect(await start({ bank_id, dif: { by: 'grade', reference: '9', focal: '9' } })).toBe(
      '422 request.invalid',
    );
    const times = { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' };
    expect(await start({ bank_id, ...times })).toBe('422 request.invalid');
  });

  test('at most three of a bank wait or run', async () => {
    const { bank_id } = await aBank(school, { org_id, by });
    const start = () => teacher.testing.createCalibration({ body: { bank_id } });
    const [first] = [await start(), await start(), await start()];
    expect(await refusal(start())).toBe('429 calibration.limit');
    await teacher.testing.cancelCalibration({ params: first });
    await start();
    const { items } = await teacher.testing.listCalibrations({ query: { bank_id, status: 'pending' } });
    expect(items).toHaveLength(3);
  });
});
