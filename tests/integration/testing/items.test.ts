import { expect, test } from 'vitest';
import { itemExternalIds } from '#shared/table/item.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { aBank, anItem, someItems } from '#tests/support/testing.ts';

const school = await aSchool();
const { table, org_id } = school;
const teacher = await school.person('teacher');
const colleague = await school.person('teacher');
const assistant = await school.person('assistant');
const by = teacher.user_id;

const choice = { kind: 'choice', body: '1 + 1?', options: ['1', '2', '3'], key: 1 } as const;
const parameters = { model: '2PL', a: 1, b: 0 } as const;
const newBank = async (name = 'Bank') => (await teacher.testing.createItemBank({ body: { name } })).bank_id;

test('an item comes out as it was written, with its defaults', async () => {
  const bank_id = await newBank();
  const made = await teacher.testing.createItem({ body: { ...choice, bank_id, tags: ['sum'] } });
  expect(made).toMatchObject({
    bank_id,
    org_id,
    revision: 1,
    kind: 'choice',
    body: '1 + 1?',
    options: [{ body: '1' }, { body: '2' }, { body: '3' }],
    key: 1,
    explanation: null,
    parameters: null,
    status: 'draft',
    tags: ['sum'],
    external_id: null,
    created_by: by,
    version: 1,
  });
  expect(await assistant.testing.getItem({ params: { item_id: made.item_id } })).toEqual(made);
  expect(await teacher.testing.getItemBank({ params: { bank_id } })).toMatchObject({
    item_count: 1,
    version: 2,
  });
});

test('the fields of an older table make a 3PL that guesses with .25', async () => {
  const { body: content, ...rest } = choice;
  const old = {
    ...rest,
    bank_id: await newBank(),
    content,
    difficulty: 0.5,
    discrimination: 1.2,
    subject: 'math',
  };
  const made = await teacher.testing.createItem({ body: old });
  expect(made.parameters).toMatchObject({ model: '3PL', a: 1.2, b: 0.5, c: 0.25, d: 1 });
  expect(made.body).toBe(content);
});

test('the same key makes one item', async () => {
  const bank_id = await newBank();
  const make = () => teacher.testing.createItem({ body: { ...choice, bank_id }, idempotency_key: 'item-1' });
  const [first, second] = await Promise.all([make(), make()]);
  expect(second.item_id).toBe(first.item_id);
  expect(await teacher.testing.getItemBank({ params: { bank_id } })).toMatchObject({ item_count: 1 });
});

test('what cannot be is refused, and says where', async () => {
  const bank_id = await newBank();
  const create = (more: object, bank = bank_id) =>
    refusedWith(teacher.testing.createItem({ body: { ...choice, bank_id: bank, ...more } }));
  expect((await create({ key: 3 })).body).toMatchObject({
    detail: [{ loc: ['body', 'key'], msg: 'there is no option 3; positions count from 0' }],
  });
  expect((await create({ status: 'live' })).summary).toBe('409 item.no_parameters');
  expect((await create({}, 'nowhere')).summary).toBe('400 item_bank.unknown');
  expect((await create({ surprise: 1 })).status).toBe(422);
  const options = Array.from({ length: 10 }, (_, k) => `${k}${'한'.repeat(1_990)}`);
  expect((await create({ options })).body).toMatchObject({ detail: [{ type: 'too_big' }] });
  const theirs = (await colleague.testing.createItemBank({ body: { name: 'Theirs' } })).bank_id;
  expect((await create({}, theirs)).summary).toBe('403 item_bank.not_own');
  expect(await refusal(assistant.testing.createItem({ body: { ...choice, bank_id } }))).toBe('403 auth.role');
});

test('a change of content or parameters makes a revision, and nothing else does', async () => {
  const bank_id = await newBank();
  const { item_id } = await teacher.testing.createItem({ body: { ...choice, bank_id } });
  const params = { item_id };
  const change = (body: object) => teacher.testing.updateItem({ params, body });
  expect(await change({ subject: 'math', tags: ['a'] })).toMatchObject({ revision: 1, version: 2 });
  expect(await change({ parameters, status: 'live' })).toMatchObject({ revision: 2, status: 'live' });
  expect(await change({ body: '1 + 1 = ?', key: 1 })).toMatchObject({ revision: 3, body: '1 + 1 = ?' });
  expect(await change({ body: '1 + 1 = ?' })).toMatchObject({ revision: 3, version: 4 });
  expect(await change({ status: 'retired' })).toMatchObject({ revision: 3, status: 'retired' });
  const revisions = await colleague.testing.listItemRevisions({ params });
  expect(revisions.items.map(({ revision, changed, body }) => [revision, changed, body])).toEqual([
    [3, ['body'], '1 + 1 = ?'],
    [2, ['parameters'], '1 + 1?'],
    [1, [], '1 + 1?'],
  ]);
  expect(revisions).toMatchObject({ total: 3, items: [{ created_by_name: teacher.name }, {}, {}] });
});

test('an item becomes one of another kind with the key of that kind', async () => {
  const bank_id = await newBank();
  const { item_id } = await teacher.testing.createItem({ body: { ...choice, bank_id } });
  const change = (body: object) => teacher.testing.updateItem({ params: { item_id }, body });
  expect(await refusal(change({ kind: 'numeric' }))).toBe('422 request.invalid');
  expect(await change({ kind: 'numeric', key: { value: 2 } })).toMatchObject({
    kind: 'numeric',
    options: [],
    key: { value: 2, tolerance: 0, tolerance_kind: 'absolute' },
  });
  expect(await refusal(change({ options: ['a', 'b'] }))).toBe('422 request.invalid');
  expect(await change({ kind: 'multi', options: ['1', '2'], key: [1, 0] })).toMatchObject({ key: [0, 1] });
});

test('statuses go their way, and a live item keeps parameters', async () => {
  const bank_id = await newBank();
  const { item_id } = await teacher.testing.createItem({ body: { ...choice, bank_id } });
  const become = (status: string, more: object = {}) =>
    teacher.testing.updateItem({ params: { item_id }, body: { status, ...more } as { status: 'live' } });
  expect(await refusal(become('live'))).toBe('409 item.no_parameters');
  expect(await refusal(become('retired'))).toBe('409 item.status');
  expect((await become('pilot')).status).toBe('pilot');
  expect((await become('live', { parameters })).status).toBe('live');
  expect(await refusal(become('live', { parameters: null }))).toBe('409 item.no_parameters');
  expect(await refusal(become('draft'))).toBe('409 item.status');
  await become('retired');
  expect((await become('live')).status).toBe('live');
});

test('who has seen another version is told so; of two at once both changes stay', async () => {
  const bank_id = await newBank();
  const { item_id, version } = await teacher.testing.createItem({ body: { ...choice, bank_id } });
  const params = { item_id };
  await Promise.all([
    teacher.testing.updateItem({ params, body: { body: 'new' } }),
    teacher.testing.updateItem({ params, body: { explanation: 'because' } }),
  ]);
  expect(await teacher.testing.getItem({ params })).toMatchObject({
    body: 'new',
    explanation: 'because',
    revision: 3,
  });
  expect(await refusal(teacher.testing.updateItem({ params, body: { body: 'x', version } }))).toBe(
    '409 item.changed',
  );
});

test('an external id is one of a bank, and is free again when its item goes or changes it', async () => {
  const bank_id = await newBank();
  const make = (external_id: string) =>
    teacher.testing.createItem({ body: { ...choice, bank_id, external_id } });
  const first = await make('A 1');
  expect(await refusal(make('A 1'))).toBe('409 item.external_id');
  const second = await make('A 2');
  const change = (item_id: string, external_id: string | null) =>
    teacher.testing.updateItem({ params: { item_id }, body: { external_id } });
  expect(await refusal(change(second.item_id, 'A 1'))).toBe('409 item.external_id');
  await change(first.item_id, null);
  await change(second.item_id, 'A 1');
  await teacher.testing.deleteItem({ params: { item_id: second.item_id } });
  await make('A 1');
  expect(await table.get(itemExternalIds, { bank_id, external_id: 'A 2' })).toBeUndefined();
  expect(await teacher.testing.getItemBank({ params: { bank_id } })).toMatchObject({ item_count: 2 });
});

test('only a draft is deleted', async () => {
  const bank_id = await newBank();
  const { item_id } = await teacher.testing.createItem({ body: { ...choice, bank_id } });
  const params = { item_id };
  expect(await refusal(colleague.testing.deleteItem({ params }))).toBe('403 item_bank.not_own');
  await teacher.testing.deleteItem({ params });
  expect(await refusal(teacher.testing.getItem({ params }))).toBe('404 item.not_found');
  const tried = await teacher.testing.createItem({ body: { ...choice, bank_id, status: 'pilot' } });
  expect(await refusal(teacher.testing.deleteItem({ params: { item_id: tried.item_id } }))).toBe(
    '409 item.in_use',
  );
});

test('a bank is listed by age, by change and by difficulty, filtered and page by page', async () => {
  const { bank_id, items } = await aBank(school, {
    org_id,
    by,
    publish: false,
    items: someItems(12).map((item, k) => ({
      ...item,
      ...(k % 3 === 0 && { parameters: null, status: 'draft' as const }),
      subject: k < 6 ? 'algebra' : 'geometry',
      module: k % 2 ? 'odd' : null,
      grade: '10',
      tags: k === 7 ? ['prime'] : [],
      external_id: `ext-${k}`,
    })),
  });
  const list = async (query: object) => {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await colleague.testing.listItems({
        query: { bank_id, limit: 5, ...query, ...(cursor !== undefined && { cursor }) },
      });
      expect(page.items.length).toBeLessThanOrEqual(5);
      found.push(...page.items.map(({ body }) => body.replace('Question ', '')));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    return found.join(' ');
  };
  expect(await list({ sort: 'created_at' })).toBe('1 2 3 4 5 6 7 8 9 10 11 12');
  expect(await list({ sort: 'b' })).toBe('2 3 5 6 8 9 11 12');
  expect(await list({ sort: '-b', subject: 'algebra' })).toBe('6 5 3 2');
  await teacher.testing.updateItem({ params: { item_id: items[4]?.item_id ?? '' }, body: { grade: '11' } });
  expect(await list({ limit: 1 })).toMatch(/^5 /);
  expect(await list({ status: 'draft', sort: 'created_at' })).toBe('1 4 7 10');
  expect(await list({ tag: 'prime' })).toBe('8');
  expect(await list({ q: 'PRIME' })).toBe('8');
  expect(await list({ q: 'ext-11' })).toBe('12');
  expect(await list({ grade: '11', module: 'odd' })).toBe('');
  expect(await list({ kind: 'multi' })).toBe('');
  const page = await colleague.testing.listItems({ query: { bank_id } });
  expect(page.total).toBe(12);
  expect(await refusal(colleague.testing.listItems({ query: { bank_id: 'nowhere' } }))).toBe(
    '404 item_bank.not_found',
  );
});

test('items of every kind are kept as they are', async () => {
  const bank_id = await newBank();
  const kinds = [
    anItem({ kind: 'multi', key: [0, 2], parameters: { model: 'GRM', a: 1.5, thresholds: [-1, 0.5] } }),
    anItem({
      kind: 'numeric',
      options: [],
      key: { value: -0.5, tolerance: 0.01, tolerance_kind: 'relative' },
    }),
    anItem({ kind: 'text', options: [], key: { accepted: ['for', '반복'], case_sensitive: true } }),
    anItem({
      parameters: { model: '4PL', a: 1, b: -1e-7, c: 0.1, d: 0.95, se: { b: 0.1 }, source: 'calibrated' },
    }),
  ];
  for (const written of kinds) {
    const made = await teacher.testing.createItem({ body: { ...written, bank_id } });
    expect(await teacher.testing.getItem({ params: { item_id: made.item_id } })).toMatchObject(written);
  }
});
