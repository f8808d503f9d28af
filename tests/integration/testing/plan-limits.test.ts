/** What a plan's content may be called, and how large plans may be. */
import '#tests/support/quiet.ts';
import { describe, expect, test } from 'vitest';
import { refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { aBank, anItem } from '#tests/support/testing.ts';

const school = await aSchool();
const teacher = await school.person('teacher');
const of = { org_id: teacher.org_id, by: teacher.user_id };

describe('a plan', () => {
  test('is told which name of a content group cannot be kept; names that every object has are names', async () => {
    const { bank_id } = await aBank(school, of);
    const create = (more: object) =>
      teacher.testing.createExamPlan({ body: { name: 'Named', exam_type: 'placement', bank_id, ...more } });
    const config = (name: string) => ({ config: { content: { by: 'tag', proportions: { [name]: 1 } } } });
    expect(await refusedWith(create(config('constructor')))).toMatchObject({
      status: 422,
      body: {
        detail: [
          {
            loc: ['body', 'config', 'content', 'proportions', 'constructor'],
            msg: expect.stringContaining('cannot be kept'),
          },
        ],
      },
    });
    expect(await refusedWith(create(JSON.parse('{"config":{"__proto__":{}}}')))).toMatchObject({
      body: { detail: [{ msg: '__proto__ is not a field' }] },
    });
    for (const name of ['toString', 'hasOwnProperty'])
      expect(await refusedWith(create(config(name)))).toMatchObject({
        body: { detail: [{ msg: `no item of the bank has tag “${name}”` }] },
      });
    const tagged = await aBank(school, {
      ...of,
      items: Array.from({ length: 12 }, (_, k) => anItem({ tags: [k % 2 ? 'toString' : '__proto__'] })),
    });
    const plan = await create({
      bank_id: tagged.bank_id,
      config: { content: { by: 'tag', proportions: { toString: 1 } }, stop: { max_items: 5 } },
    });
    const params = { plan_id: plan.plan_id };
    const { groups } = await teacher.testing.simulateExamPlan({ params, body: { simulees: 100 } });
    expect(groups).toMatchObject([{ name: 'toString', wanted: 1 }]);
  });

  test('however large they are, a page of plans fits into one reply of a function, and the pages have all', async () => {
    const author = await school.person('teacher', { org_id: await school.organization() });
    const own = await aBank(school, { org_id: author.org_id, by: author.user_id, items: 40 });
    const enemies = Array.from({ length: 92 }, () => own.items.map(({ item_id }) => item_id));
    const config = { content: { enemies } };
    const names = Array.from({ length: 48 }, (_, k) => `Large ${String(k).padStart(2, '0')}`);
    for (const name of names)
      await author.testing.createExamPlan({
        body: { name, exam_type: 'practice', bank_id: own.bank_id, config },
      });
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await author.testing.listExamPlans({ query: { limit: 100, cursor } });
      // as API Gateway gets it: JSON text in JSON
      const payload = JSON.stringify({ statusCode: 200, body: JSON.stringify(page) });
      expect(Buffer.byteLength(payload)).toBeLessThan(6 * 1024 * 1024);
      found.push(...page.items.map(({ name }) => name));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(found).toEqual(names);
  });
});
