import { expect, test } from 'vitest';
import { anExercise } from '#tests/support/exercises.ts';
import { refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

// the school's clocks are those of Seoul
const school = await aSchool();
const { teacher, students, class_id } = await school.withClass({ students: 1 });
const student_id = students[0]?.user_id ?? '';
const { exercise_id } = await anExercise(school.table, { org_id: school.org_id, by: teacher.user_id });
type Body = Parameters<typeof teacher.code.createAssignment>[0]['body'];
const given = (more: Partial<Body>) =>
  teacher.code.createAssignment({ body: { class_id, exercise_id, ...more } });

test('a date alone opens with its first moment at the school and is due at its last', async () => {
  const made = await given({
    opens_at: '2031-12-01',
    due_at: '2031-12-01',
    late_policy: { kind: 'penalty', percent_per_day: 10, until: '2031-12-05' },
  });
  expect(made).toMatchObject({
    opens_at: '2031-11-30T15:00:00.000Z',
    due_at: '2031-12-01T14:59:59.999Z',
    late_policy: { until: '2031-12-05T14:59:59.999Z' },
  });
});

test('a time without a zone is by the school’s clocks, and replies are in UTC', async () => {
  const made = await given({ opens_at: '2031-12-01T09:00', due_at: '2031-12-01T18:00:30' });
  expect(made).toMatchObject({ opens_at: '2031-12-01T00:00:00.000Z', due_at: '2031-12-01T09:00:30.000Z' });
  const params = { assignment_id: made.assignment_id };
  const moved = await teacher.code.updateAssignment({ params, body: { due_at: '2031-12-02' } });
  expect(moved).toMatchObject({ opens_at: made.opens_at, due_at: '2031-12-02T14:59:59.999Z' });
  const extended = await teacher.code.putExtension({
    params: { ...params, student_id },
    body: { due_at: '2031-12-03' },
  });
  expect(extended.due_at).toBe('2031-12-03T14:59:59.999Z');
});

test('moments are compared, not their texts', async () => {
  const early = given({ opens_at: '2031-12-01T18:00', due_at: '2031-12-01T08:30:00Z' });
  expect((await refusedWith(early)).body).toMatchObject({ detail: [{ loc: ['body', 'due_at'] }] });
  const late = await given({ opens_at: '2031-12-01T18:00', due_at: '2031-12-01T09:30:00Z' });
  expect(late.opens_at).toBe('2031-12-01T09:00:00.000Z');
});

test('dates that are none are refused, with what would be right', async () => {
  for (const due_at of [
    '2031-02-30',
    '2031-12-01T24:30',
    '2031-12-01T18:00+09:00',
    '1.12.2031',
    '9999-12-31',
  ])
    expect((await refusedWith(given({ due_at }))).body, due_at).toMatchObject({
      detail: [{ loc: ['body', 'due_at'], msg: expect.stringMatching(/date|year/) }],
    });
});
