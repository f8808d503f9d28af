import { describe, expect, test } from 'vitest';
import { publishCalibration } from '#functions/testing/calibrations/publish.ts';
import type { CalibrationItem } from '#shared/contracts/calibrations.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import { uuidv7 } from '#shared/ids.ts';
import { examResponses } from '#shared/table/exam-session.ts';
import type { Write } from '#shared/table/table.ts';
import { completedCalibration } from '#tests/support/calibrations.ts';
import { anExam, aPlan, take } from '#tests/support/exams.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool, settings } from '#tests/support/school.ts';
import { aBank, anItem, objectsOf } from '#tests/support/testing.ts';

const school = await aSchool();
const [teacher, other, admin] = [
  await school.person('teacher'),
  await school.person('teacher'),
  await school.person('org_admin'),
];
const { table, org_id } = school;
const caller: Caller = { user_id: teacher.user_id, role: 'teacher', org_id, login_id: 'login' };

const livesAndPilot = [
  anItem({ body: 'One' }),
  anItem({ body: 'Two' }),
  anItem({ body: 'Three', status: 'pilot', parameters: null }),
];

async function calibrated(changes?: (item: CalibrationItem, index: number) => CalibrationItem) {
  const bank = await aBank(school, { org_id, by: teacher.user_id, items: livesAndPilot });
  const calibration_id = await completedCalibration(school, teacher, bank, changes);
  const ids = bank.items.map(({ item_id }) => item_id);
  return { ...bank, ids, calibration_id, params: { calibration_id } };
}
const itemsOf = (ids: readonly string[]) =>
  Promise.all(ids.map((item_id) => teacher.testing.getItem({ params: { item_id } })));
const versionsOf = async (bank_id: string) =>
  (await teacher.testing.listBankVersions({ params: { bank_id } })).items;

const failing = (item: CalibrationItem): CalibrationItem => ({
  ...item,
  passed: false,
  gates: [...item.gates, { gate: 'se_b', passed: false, value: 0.4, limit: 0.25 }],
});

describe('publishing', () => {
  test('gives the items new revisions and the bank a new version; pilots become live', async () => {
    const { bank_id, ids, params, load } = await calibrated();
    const reply = await teacher.testing.publishCalibration({ params, body: { note: 'Autumn' } });
    expect(reply.publication).toMatchObject({
      status: 'published',
      items: ids,
      skipped: [],
      bank_version: 2,
      note: 'Autumn',
      override_reason: null,
      published_by: teacher.user_id,
    });
    const items = await itemsOf(ids);
    expect(items.map(({ revision, status, parameters }) => ({ revision, status, parameters }))).toEqual(
      [0, 0.5, 1].map((b) => ({
        revision: 2,
        status: 'live',
        parameters: {
          model: '2PL',
          a: 1.25,
          b,
          c: 0,
          d: 1,
          se: { a: 0.1, b: 0.1, c: 0 },
          source: 'calibrated',
        },
      })),
    );
    expect(await versionsOf(bank_id)).toMatchObject([
      { version: 2, source: 'calibration', note: 'Autumn', live: 3, pilot: 0 },
      { version: 1, source: 'publish', live: 2, pilot: 1 },
    ]);
    // versions never change
    expect((await load()).published.items.map(({ revision }) => revision)).toEqual([1, 1, 1]);
    const { items: revisions } = await teacher.testing.listItemRevisions({
      params: { item_id: ids[0] ?? '' },
    });
    expect(revisions[0]).toMatchObject({ revision: 2, changed: ['parameters'], created_by: teacher.user_id });
  });

  test('twice, or by five at once, is once', async () => {
    const { bank_id, ids, params } = await calibrated();
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => teacher.testing.publishCalibration({ params, body: {} })),
    );
    const again = await teacher.testing.publishCalibration({ params, body: { item_ids: ids.toReversed() } });
    for (const reply of replies) expect(reply.publication).toEqual(again.publication);
    expect(await versionsOf(bank_id)).toHaveLength(2);
    for (const item of await itemsOf(ids)) expect(item.revision).toBe(2);
    const another = teacher.testing.publishCalibration({ params, body: { note: 'Something else' } });
    expect(await refusal(another)).toBe('409 calibration.published');
  });

  test('is for the author and administrators', async () => {
    const { params } = await calibrated();
    const body = {};
    expect(await refusal(other.testing.publishCalibration({ params, body }))).toBe('403 item_bank.not_own');
    const reply = await admin.testing.publishCalibration({ params, body });
    expect(reply.publication?.published_by).toBe(admin.user_id);
  });

  test('waits for the calibration', async () => {
    const { bank_id } = await aBank(school, { org_id, by: teacher.user_id });
    const params = await teacher.testing.createCalibration({ body: { bank_id } });
    expect(await refusal(teacher.testing.publishCalibration({ params, body: {} }))).toBe(
      '409 calibration.not_completed',
    );
  });
});

describe('a publication that is cut off', () => {
  class Killed extends Error {}

  /** What publishes until its `steps`-th write, and no further. */
  async function publisherThatDies(steps: number) {
    let left = steps;
    const step = async <T>(act: () => Promise<T>): Promise<T> => {
      if (left-- <= 0) throw new Killed();
      return act();
    };
    const objects = await objectsOf(school);
    return {
      table: { ...table, write: (...writes: Write[]) => step(() => table.write(...writes)) },
      objects: {
        ...objects,
        put: (...object: Parameters<typeof objects.put>) => step(() => objects.put(...object)),
      },
      now: () => new Date(),
      newId: uuidv7,
      events_days: 30,
      settings,
    };
  }

  test('anywhere goes on where it stopped: one revision of each item, one version', async () => {
    let deaths = 0;
    for (let steps = 0; ; steps++) {
      const { bank_id, ids, calibration_id, params } = await calibrated();
      const dying = publishCalibration(await publisherThatDies(steps), caller, calibration_id, {});
      const died = await dying.then(
        () => false,
        (error: unknown) => {
          if (!(error instanceof Killed)) throw error;
          return true;
        },
      );
      if (died) deaths++;
      const { publication } = await teacher.testing.publishCalibration({ params, body: {} });
      expect(publication).toMatchObject({ status: 'published', items: ids, skipped: [], bank_version: 2 });
      for (const item of await itemsOf(ids)) expect(item).toMatchObject({ revision: 2, status: 'live' });
      expect((await versionsOf(bank_id)).map(({ version }) => version)).toEqual([2, 1]);
      if (!died) break;
    }
    // the plan, three items, the object, the version, the outcome
    expect(deaths).toBe(7);
  });
});

describe('gates', () => {
  test('an item that failed is left out, and refused when it is named', async () => {
    const { ids, params } = await calibrated((item, i) => (i === 1 ? failing(item) : item));
    const named = teacher.testing.publishCalibration({ params, body: { item_ids: ids } });
    const { summary, message } = await refusedWith(named);
    expect(summary).toBe('409 calibration.gates');
    expect(message).toContain('se_b');
    const { publication } = await teacher.testing.publishCalibration({ params, body: {} });
    expect(publication?.items).toEqual([ids[0], ids[2]]);
    const [, second] = await itemsOf(ids);
    expect(second).toMatchObject({ revision: 1, parameters: { source: 'entered' } });
  });

  test('a person may override them, with a reason that stays', async () => {
    const { ids, params } = await calibrated((item, i) => (i === 1 ? failing(item) : item));
    const override_reason = 'Checked by hand: 280 answers are enough for this one.';
    const body = { item_ids: ids, override_reason };
    const { publication } = await teacher.testing.publishCalibration({ params, body });
    expect(publication).toMatchObject({ items: ids, override_reason, bank_version: 2 });
  });

  test('nothing overrides a slope below 0, nor an item that was not calibrated', async () => {
    const { ids, params } = await calibrated((item, i) =>
      i === 0 ? { ...failing(item), after: { model: '2PL', a: -0.4, b: 1, c: 0, d: 1 } } : item,
    );
    const override_reason = 'I want it all the same.';
    const body = { item_ids: ids, override_reason };
    expect(await refusal(teacher.testing.publishCalibration({ params, body }))).toBe(
      '409 calibration.unusable',
    );
    const unknown = { item_ids: ['nothing'], override_reason };
    expect(await refusal(teacher.testing.publishCalibration({ params, body: unknown }))).toBe(
      '400 item.unknown',
    );
    expect((await teacher.testing.getCalibration({ params })).publication).toBeNull();
  });

  test('where nothing passed there is nothing to publish', async () => {
    const { params } = await calibrated(failing);
    expect(await refusal(teacher.testing.publishCalibration({ params, body: {} }))).toBe(
      '409 calibration.nothing_passed',
    );
  });

  test('live items do not keep parameters of another scale, unless somebody says why', async () => {
    const bank = await aBank(school, { org_id, by: teacher.user_id, items: livesAndPilot });
    const calibration_id = await completedCalibration(
      school,
      teacher,
      bank,
      (item, i) => (i === 0 ? failing(item) : item),
      { mode: 'free' },
    );
    const params = { calibration_id };
    expect(await refusal(teacher.testing.publishCalibration({ params, body: {} }))).toBe(
      '409 calibration.other_scale',
    );
    const body = { override_reason: 'The first item goes out of use.' };
    const { publication } = await teacher.testing.publishCalibration({ params, body });
    expect(publication).toMatchObject({ status: 'published', bank_version: 2 });
  });
});

describe('what happened since the calibration', () => {
  test('an item that was edited or withdrawn stays as it is, and is named', async () => {
    const { ids, params } = await calibrated();
    const [first = '', second = '', third = ''] = ids;
    await teacher.testing.updateItem({ params: { item_id: first }, body: { body: 'Another question' } });
    await teacher.testing.updateItem({ params: { item_id: second }, body: { status: 'retired' } });
    await teacher.testing.updateItem({ params: { item_id: third }, body: { explanation: 'Because.' } });
    const { publication } = await teacher.testing.publishCalibration({ params, body: {} });
    expect(publication?.skipped).toEqual([
      { item_id: first, reason: 'changed' },
      { item_id: second, reason: 'changed' },
    ]);
    const items = await itemsOf(ids);
    expect(items.map(({ parameters }) => parameters?.source)).toEqual(['entered', 'entered', 'calibrated']);
    expect(items[2]).toMatchObject({ explanation: 'Because.', status: 'live', revision: 3 });
  });
});

describe('sessions that run while a calibration is published', () => {
  test('keep the version they began with; a plan that is released again takes the new one', async () => {
    const exam = await anExam(school, { items: 8 });
    const begun = await exam.start();
    const { bank_id } = exam.bank;
    const calibration_id = await completedCalibration(school, exam.teacher, exam.bank);
    const params = { calibration_id };
    const { publication } = await exam.teacher.testing.publishCalibration({ params, body: {} });
    expect(publication).toMatchObject({ status: 'published', bank_version: 2 });
    const { exam_session_id } = begun;
    await take(exam, exam.student, exam_session_id);
    const ended = await table.get(examResponses, { exam_session_id, result_n: 1 }, { consistent: true });
    expect(ended?.bank_version).toBe(1);
    expect(ended?.responses.length).toBeGreaterThan(0);
    for (const { revision, parameters } of ended?.responses ?? []) {
      expect(revision).toBe(1);
      expect(parameters?.source).toBe('entered');
    }
    const { class_id, teacher: owner } = exam;
    const plan = await aPlan(school, { org_id, by: owner.user_id, class_ids: [class_id], bank_id });
    expect(plan.bank_version).toBe(2);
  });
});
