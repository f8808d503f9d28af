/** Plans of adaptive tests: made, simulated, released to classes, changed, closed. */
import '#tests/support/quiet.ts';
import { describe, expect, test } from 'vitest';
import { publishBank } from '#shared/banks/publish.ts';
import { uuidv7 } from '#shared/ids.ts';
import { examSessions } from '#shared/table/exam-session.ts';
import { items as itemRecords } from '#shared/table/item.ts';
import { countItems, newItem, newItemWrites } from '#shared/table/new-item.ts';
import { anExam, answerTo, aPlan, take } from '#tests/support/exams.ts';
import { refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { aBank, anItem, objectsOf, someItems } from '#tests/support/testing.ts';

const school = await aSchool();
const { teacher, students, class_id } = await school.withClass({ students: 2 });
const [student] = students;
if (!student) throw new Error('a student was asked for');
const of = { org_id: teacher.org_id, by: teacher.user_id };
const bank = await aBank(school, { ...of, items: 40 });
const { bank_id } = bank;

const fields = { name: 'Placement', exam_type: 'placement' as const, bank_id, class_ids: [class_id] };
const create = (more: object = {}) => teacher.testing.createExamPlan({ body: { ...fields, ...more } });
const simulated = async (more: object = {}, request: object = {}) => {
  const plan = await create(more);
  const params = { plan_id: plan.plan_id };
  const report = await teacher.testing.simulateExamPlan({ params, body: { simulees: 200, ...request } });
  return { plan, params, report };
};
const released = async (more: object = {}) => {
  const made = await simulated(more);
  const plan = await teacher.testing.releaseExamPlan({ params: made.params, body: {} });
  return { ...made, plan };
};

describe('a plan', () => {
  test('is made with every setting at its default', async () => {
    const plan = await create();
    expect(plan).toMatchObject({
      status: 'draft',
      revision: 1,
      release: 0,
      bank_version: null,
      simulation: null,
    });
    expect(plan.config).toMatchObject({
      estimator: { method: 'EAP', quadrature: { nodes: 41, min: -5, max: 5 } },
      selection: { criterion: 'MFI' },
      exposure: { randomesque: { size: 5, items: 5 } },
      stop: { max_items: 30, se: 0.3 },
    });
  });

  test('that does not fit its bank is refused where it does not', async () => {
    const wrong = [
      [{ config: { stop: { max_items: 41 } } }, ['body', 'config', 'stop', 'max_items']],
      [{ config: { start: { items: ['nothing'] } } }, ['body', 'config', 'start', 'items', 0]],
      [{ config: { pilot: { count: 2 } } }, ['body', 'config', 'pilot']],
      [
        { config: { content: { by: 'tag', proportions: { geometry: 1 } } } },
        ['body', 'config', 'content', 'proportions', 'geometry'],
      ],
      [
        { config: { estimator: { quadrature: { nodes: 41, min: 2, max: 1 } } } },
        ['body', 'config', 'estimator'],
      ],
    ] as const;
    for (const [change, loc] of wrong)
      expect(await refusedWith(create(change))).toMatchObject({
        status: 422,
        body: { detail: [{ loc }] },
      });
  });

  test('is no plan of another’s class or bank', async () => {
    const other = await school.withClass({ students: 0 });
    expect(await refusedWith(create({ class_ids: [other.class_id] }))).toMatchObject({ status: 400 });
    const foreign = await school.person('teacher', { org_id: await school.organization() });
    const body = { ...fields, class_ids: [] };
    expect(await refusedWith(foreign.testing.createExamPlan({ body }))).toMatchObject({
      status: 400,
      error_code: 'item_bank.unknown',
    });
  });

  test('changed after its simulation must be simulated again; dates and classes do not count', async () => {
    const { params } = await simulated();
    await teacher.testing.updateExamPlan({ params, body: { max_sessions: 3, name: 'Autumn' } });
    const same = await teacher.testing.getExamPlan({ params });
    expect(same.revision).toBe(1);
    const changed = await teacher.testing.updateExamPlan({
      params,
      body: { config: { stop: { max_items: 20 } } },
    });
    expect(changed.revision).toBe(2);
    expect(await refusedWith(teacher.testing.releaseExamPlan({ params, body: {} }))).toMatchObject({
      status: 409,
      error_code: 'exam_plan.not_simulated',
    });
  });

  test('that names more items than the table keeps in one is refused', async () => {
    const set = Array.from({ length: 50 }, (_, k) => `item-${String(k).padStart(30, '0')}`);
    const enemies = Array.from({ length: 200 }, () => set);
    const refused = await refusedWith(create({ config: { content: { enemies } } }));
    expect(refused).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'config'] }] } });
  });

  test('keeps its classes from being deleted while it is released to them', async () => {
    const empty = await school.withClass({ students: 0 });
    const params = { class_id: empty.class_id };
    const made = { org_id: empty.teacher.org_id, by: empty.teacher.user_id, bank_id };
    const { plan_id } = await aPlan(school, { ...made, class_ids: [empty.class_id] });
    expect(await refusedWith(empty.teacher.school.deleteClass({ params }))).toMatchObject({
      status: 409,
      error_code: 'class.in_use',
    });
    await empty.teacher.testing.updateExamPlan({ params: { plan_id }, body: { class_ids: [] } });
    await empty.teacher.school.deleteClass({ params });
  });

  test('of a bank that was never published can be written, and neither simulated nor released', async () => {
    const draft = await aBank(school, { ...of, items: 10, publish: false });
    const plan = await create({ bank_id: draft.bank_id });
    const params = { plan_id: plan.plan_id };
    expect(await refusedWith(teacher.testing.simulateExamPlan({ params, body: {} }))).toMatchObject({
      error_code: 'item_bank.not_published',
    });
  });

  test('that was released cannot be deleted, a draft can', async () => {
    const { params } = await released();
    expect(await refusedWith(teacher.testing.deleteExamPlan({ params }))).toMatchObject({
      error_code: 'exam_plan.released',
    });
    const draft = await simulated();
    await teacher.testing.deleteExamPlan({ params: draft.params });
    expect(await refusedWith(teacher.testing.getExamPlan({ params: draft.params }))).toMatchObject({
      status: 404,
    });
  });
});

describe('a simulation', () => {
  test('reports length, precision by ability, exposure and why tests ended, and is kept', async () => {
    const { params, report } = await simulated({ config: { stop: { max_items: 15, se: 0.4 } } });
    const { summary } = report;
    expect(summary.simulees).toBe(200);
    expect(report.lengths.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(200);
    expect(report.stop_reasons.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(200);
    expect(report.conditional.reduce((sum, { simulees }) => sum + simulees, 0)).toBe(200);
    expect(summary.mean_items).toBeLessThanOrEqual(15);
    expect(summary.correlation).toBeGreaterThan(0.8);
    expect(report.exposure_rates).toHaveLength(40);
    expect(report.exposure[0]?.rate).toBe(summary.max_exposure);
    expect(report.exposure_rates.reduce((sum, rate) => sum + rate, 0)).toBeCloseTo(summary.mean_items, 2);
    expect(await teacher.testing.getExamPlanSimulation({ params })).toEqual(report);
    expect((await teacher.testing.getExamPlan({ params })).simulation).toMatchObject({
      revision: 1,
      summary,
    });
  });

  test('is the same again with the same seed, along a grid too', async () => {
    const { params, report } = await simulated();
    const again = await teacher.testing.simulateExamPlan({ params, body: { simulees: 200 } });
    expect(again.summary).toEqual(report.summary);
    const grid = await teacher.testing.simulateExamPlan({
      params,
      body: { simulees: 210, theta: { from: -3, to: 3, steps: 7 } },
    });
    expect(grid.conditional.map(({ from, simulees }) => [from, simulees])).toEqual(
      [-3, -2, -1, 0, 1, 2, 3].map((theta) => [theta, 30]),
    );
  });

  test('finds Sympson and Hetter’s parameters, with which the release keeps the target', async () => {
    const config = {
      stop: { max_items: 8, se: null },
      exposure: { sympson_hetter: { target: 0.4, from: 0 }, randomesque: null },
    };
    const { params, report } = await simulated({ config }, { simulees: 500 });
    expect(report.sympson_hetter?.converged).toBe(true);
    expect(report.summary.max_exposure).toBeLessThan(0.47);
    const free = await simulated(
      { config: { ...config, exposure: { randomesque: null } } },
      { simulees: 500 },
    );
    expect(free.report.summary.max_exposure).toBeGreaterThan(0.9);
    expect(free.report.warnings.map(({ code }) => code)).toContain('exposure_not_controlled');
    expect((await teacher.testing.releaseExamPlan({ params, body: {} })).status).toBe('released');
  });

  test('of 2,000 simulees on 300 items takes a few seconds', async () => {
    const large = await aBank(school, { ...of, items: someItems(300) });
    const plan = await create({ bank_id: large.bank_id });
    const report = await teacher.testing.simulateExamPlan({
      params: { plan_id: plan.plan_id },
      body: { simulees: 2000 },
    });
    console.info(
      `2,000 simulees on 300 items: ${report.duration_ms} ms, ${report.summary.mean_items} items each`,
    );
    expect(report.truncated).toBe(false);
    expect(report.duration_ms).toBeLessThan(15_000);
  });
});

describe('a release', () => {
  test('reaches the students of its classes, without its configuration', async () => {
    const { plan } = await released({ name: 'For 10-1', config: { stop: { time_limit_s: 900 } } });
    const { items } = await student.testing.listExamPlans({ query: { class_id } });
    const mine = items.find(({ plan_id }) => plan_id === plan.plan_id);
    expect(mine).toMatchObject({
      name: 'For 10-1',
      config: null,
      simulation: null,
      max_items: 30,
      time_limit_s: 900,
      mine: { sessions: 0, can_start: true, running_session_id: null },
    });
    const elsewhere = await school.withClass({ students: 1 });
    const [stranger] = elsewhere.students;
    const params = { plan_id: plan.plan_id };
    expect(await refusedWith(stranger?.testing.getExamPlan({ params }) ?? Promise.resolve())).toMatchObject({
      status: 404,
    });
  });

  test('again, with a newer version of the bank, leaves running tests with theirs', async () => {
    const exam = await anExam(school, { items: 12, released: true });
    const session = await exam.start();
    const world = { table: school.table, objects: await objectsOf(school), now: () => new Date() };
    const made = { by: exam.teacher.user_id, at: new Date().toISOString() };
    const added = newItem(
      { item_id: uuidv7(), bank_id: exam.bank.bank_id, org_id: exam.teacher.org_id },
      anItem({ body: 'Added later' }),
      made,
    );
    await school.table.write(
      countItems(school.table, exam.bank.bank_id, 1),
      ...newItemWrites(school.table, added),
    );
    await publishBank(world, exam.bank.bank_id, { by: exam.teacher.user_id, note: '', source: 'publish' });
    const params = { plan_id: exam.plan.plan_id };
    const after = await exam.teacher.testing.releaseExamPlan({ params, body: {} });
    expect(after).toMatchObject({ bank_version: 2, release: 2 });
    await take(exam, exam.student, session.exam_session_id);
    const head = await school.table.get(examSessions, session, { consistent: true });
    expect(head).toMatchObject({ bank_version: 1, plan_release: 1, status: 'completed' });
    expect((await exam.start()).bank_version).toBe(2);
    expect(await school.table.get(itemRecords, added, { consistent: true })).toBeDefined();
  });

  test('as it is already makes nothing new', async () => {
    const { params, plan } = await released();
    const again = await teacher.testing.releaseExamPlan({ params, body: {} });
    expect(again).toEqual(plan);
  });

  test('that is closed is started by nobody; a test that runs goes on; it opens again', async () => {
    const exam = await anExam(school);
    const session = await exam.start();
    const params = { plan_id: exam.plan.plan_id };
    await exam.teacher.testing.closeExamPlan({ params });
    await take(exam, exam.student, session.exam_session_id);
    expect(await refusedWith(exam.start())).toMatchObject({ status: 409, error_code: 'exam_plan.closed' });
    await exam.teacher.testing.releaseExamPlan({ params, body: {} });
    expect((await exam.start()).status).toBe('in_progress');
  });

  test('waits for its opening, rests between two tests, and takes the newest of several', async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const exam = await anExam(school, { opens_at: tomorrow });
    expect(await refusedWith(exam.start())).toMatchObject({ error_code: 'exam_plan.not_open' });
    const rested = await anExam(school, { min_days_between: 2 });
    const { exam_session_id } = await rested.start();
    await rested.student.testing.updateExamSession({
      params: { exam_session_id },
      body: { status: 'abandoned' },
    });
    expect(await refusedWith(rested.start())).toMatchObject({ error_code: 'exam_plan.too_soon' });
    const none = { class_id: rested.class_id, exam_type: 'final' } as const;
    expect(await refusedWith(rested.student.testing.startExamSession({ body: none }))).toMatchObject({
      status: 409,
      error_code: 'exam_plan.none',
    });
  });
});

describe('a session', () => {
  test('keeps to content shares, enemies, start items and pilots of its plan', async () => {
    const items = [
      ...Array.from({ length: 20 }, (_, k) =>
        anItem({ body: `A ${k}`, module: 'algebra', parameters: { model: '2PL', a: 1, b: k / 10 - 1 } }),
      ),
      ...Array.from({ length: 20 }, (_, k) =>
        anItem({ body: `G ${k}`, module: 'geometry', parameters: { model: '2PL', a: 2, b: k / 10 - 1 } }),
      ),
      ...Array.from({ length: 4 }, (_, k) => anItem({ body: `P ${k}`, status: 'pilot', parameters: null })),
    ];
    const made = await school.withClass({ students: 1 });
    const by = { org_id: made.teacher.org_id, by: made.teacher.user_id };
    const mixed = await aBank(school, { ...by, items });
    const idOf = (at: number) => mixed.items[at]?.item_id ?? '';
    const exam = await anExam(school, {
      bank_id: mixed.bank_id,
      config: {
        stop: { max_items: 10, min_items: 10, se: null },
        content: {
          by: 'module',
          proportions: { algebra: 1, geometry: 1 },
          enemies: [[idOf(0), idOf(1), idOf(2), idOf(3)]],
        },
        start: { items: [idOf(0), idOf(25)] },
        pilot: { count: 2, first: 2, last: 8 },
      },
    });
    const known = new Map(mixed.items.map((item) => [item.item_id, item]));
    const { exam_session_id, max_items } = await exam.start();
    expect(max_items).toBe(12);
    await take({ ...exam, itemOf: known }, exam.student, exam_session_id);
    const { attempts } = await exam.teacher.testing.getExamSession({ params: { exam_session_id } });
    expect(attempts).toHaveLength(12);
    expect([attempts[0]?.item_id, attempts[1]?.item_id]).toEqual([idOf(0), idOf(25)]);
    expect(attempts.filter(({ pilot }) => pilot)).toHaveLength(2);
    const given = attempts.filter(({ pilot }) => !pilot).map(({ item_id }) => known.get(item_id)?.module);
    expect(given.filter((module) => module === 'algebra')).toHaveLength(5);
    const enemies = attempts.filter(({ item_id }) => [0, 1, 2, 3].map(idOf).includes(item_id));
    expect(enemies).toHaveLength(1);
  });

  test('gives students with extra time longer limits', async () => {
    const exam = await anExam(school, { config: { stop: { max_items: 3, se: null, time_limit_s: 600 } } });
    await exam.teacher.school.updateStudent({
      params: { student_id: exam.student.user_id },
      body: { time_factor: 1.5 },
    });
    const session = await exam.start();
    expect(session.time_factor).toBe(1.5);
    expect(Date.parse(session.deadline_at ?? '') - Date.parse(session.started_at)).toBe(900_000);
  });

  test('may be shorter than the plan, not longer, and no shorter than its fewest items', async () => {
    const exam = await anExam(school, { config: { stop: { min_items: 2, max_items: 6, se: null } } });
    const startWith = (max_items: number) =>
      exam.student.testing.startExamSession({
        body: { class_id: exam.class_id, exam_type: 'practice', meta: { max_items, algorithm: 'CAT' } },
      });
    const shortest = await startWith(1);
    expect(shortest.max_items).toBe(2);
    await take(exam, exam.student, shortest.exam_session_id);
    const short = await startWith(3);
    expect(short).toMatchObject({ max_items: 3, meta: { max_items: 3, algorithm: 'CAT' } });
    const replies = await take(exam, exam.student, short.exam_session_id);
    expect(replies).toHaveLength(3);
    expect(await startWith(99)).toMatchObject({ max_items: 6 });
    expect(await refusedWith(startWith(0.5))).toMatchObject({ status: 422 });
  });

  test('is started by staff for a student of theirs, and by nobody for another', async () => {
    const exam = await anExam(school, { students: 2 });
    const body = { class_id: exam.class_id, exam_type: 'practice', plan_id: exam.plan.plan_id } as const;
    const [one, two] = exam.students;
    const session = await exam.teacher.testing.startExamSession({
      body: { ...body, student_id: one?.user_id ?? '' },
    });
    expect(session.student_id).toBe(one?.user_id);
    expect((await exam.start(one)).exam_session_id).toBe(session.exam_session_id);
    expect(
      await refusedWith(
        exam.student.testing.startExamSession({ body: { ...body, student_id: two?.user_id ?? '' } }),
      ),
    ).toMatchObject({ status: 403, error_code: 'owner_mismatch' });
    const { item } = await exam.student.testing.nextExamItem({
      params: { exam_session_id: session.exam_session_id },
    });
    const answered = await exam.teacher.testing.createAttempt({
      body: {
        exam_session_id: session.exam_session_id,
        item_id: item?.item_id ?? '',
        selected_choice: answerTo(exam.itemOf.get(item?.item_id ?? ''), true),
      },
    });
    expect(answered.progress.answered).toBe(1);
  });
});
