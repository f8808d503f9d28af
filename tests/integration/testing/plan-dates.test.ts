import { expect, test } from 'vitest';
import { refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { aBank } from '#tests/support/testing.ts';

// the school's clocks are those of Seoul
const school = await aSchool();
const { teacher } = await school.withClass();
const { bank_id } = await aBank(school, { org_id: school.org_id, by: teacher.user_id, items: 40 });
const create = (dates: object) =>
  teacher.testing.createExamPlan({ body: { name: 'Plan', exam_type: 'final', bank_id, ...dates } });

test('a plan opens with a day’s first moment at the school and closes with its last', async () => {
  const plan = await create({ opens_at: '2031-12-01', closes_at: '2031-12-01' });
  expect(plan).toMatchObject({
    opens_at: '2031-11-30T15:00:00.000Z',
    closes_at: '2031-12-01T14:59:59.999Z',
  });
  const params = { plan_id: plan.plan_id };
  const changed = await teacher.testing.updateExamPlan({ params, body: { closes_at: '2031-12-01T18:00' } });
  expect(changed).toMatchObject({ opens_at: plan.opens_at, closes_at: '2031-12-01T09:00:00.000Z' });
  const early = teacher.testing.updateExamPlan({ params, body: { closes_at: '2031-11-30' } });
  expect((await refusedWith(early)).body).toMatchObject({ detail: [{ loc: ['body', 'closes_at'] }] });
});

test('a plan that closes before it opens is refused, whatever form the dates have', async () => {
  const wrong = create({ opens_at: '2031-12-01T18:00', closes_at: '2031-12-01T08:00:00Z' });
  expect((await refusedWith(wrong)).body).toMatchObject({ detail: [{ loc: ['body', 'closes_at'] }] });
});
