import { expect, test } from 'vitest';
import { refusal } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const admin = await school.person('platform_admin');
const { class_id } = await school.withClass();

/** Members that every object has: whoever looks a key up without asking `hasOwn` finds them. */
const inherited = Object.getOwnPropertyNames(Object.prototype).filter((name) => name !== '__proto__');

test.each([
  ...inherited,
  'then',
  'toJSON',
  'length',
  'name',
  'pk',
  'sk',
  'type',
  'schema_version',
  '$ref',
  '#a',
  ':b',
])('details under the name %s come back as they were, or are refused', async (name) => {
  const meta = { [name]: 'kept' };
  const kept = admin.school.updateClass({ params: { class_id }, body: { meta } });
  if (name === 'constructor') expect(await refusal(kept)).toBe('422 request.invalid');
  else {
    expect((await kept).meta).toEqual(meta);
    expect((await admin.school.getClass({ params: { class_id } })).meta).toEqual(meta);
  }
});

test.each([1e300, 1e-200, 2 ** 53 * 4, 5e-324, -1e17])(
  'the number %d, which the table cannot hold, is refused',
  async (value) => {
    const call = admin.school.updateClass({ params: { class_id }, body: { meta: { value } } });
    expect(await refusal(call)).toBe('422 request.invalid');
  },
);

test.each([0, 0.1 + 0.2, 1e15, 1e-100, -123456.789, Number.EPSILON])(
  'the number %d comes back as it was',
  async (value) => {
    const changed = await admin.school.updateClass({ params: { class_id }, body: { meta: { value } } });
    expect(changed.meta).toEqual({ value });
    expect((await admin.school.getClass({ params: { class_id } })).meta).toEqual({ value });
  },
);

test('a training’s numbers are bounded the same way', async () => {
  const start = (hyperparameters: object) =>
    admin.training.start({ body: { algorithm: 'ppo', environment: 'CartPole-v1', hyperparameters } });
  for (const wrong of [
    { learning_rate: 1e-300 },
    { gamma: 1e-200 },
    { target_kl: 1e300 },
    { clip_range: { schedule: 'linear', start: 0.2, end: 1e-150 } },
  ])
    expect(await refusal(start(wrong))).toBe('422 request.invalid');
  expect((await start({ learning_rate: 1e-12, target_kl: 1000 })).status).toBe('pending');
});
