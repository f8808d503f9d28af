import fc from 'fast-check';
import { expect, test } from 'vitest';
import { itemsOfBank } from '#shared/banks/items.ts';
import { itemBanks } from '#shared/table/item-bank.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';
import { aBank, someItems } from '#tests/support/testing.ts';
import { someItem } from '#tests/unit/items/items.ts';

const school = await aSchool();
const { table, org_id } = school;
const teacher = await school.person('teacher');
const colleague = await school.person('teacher');
const by = teacher.user_id;

const newBank = async () => (await teacher.testing.createItemBank({ body: { name: 'Imported' } })).bank_id;
const importing = (
  bank_id: string,
  content: string,
  more: { format?: 'csv' | 'json'; dry_run?: boolean } = {},
) => teacher.testing.importItems({ params: { bank_id }, body: { format: 'csv', content, ...more } });
const counts = ({ created, updated, unchanged, refused }: Awaited<ReturnType<typeof importing>>) => [
  created,
  updated,
  unchanged,
  refused,
];
const listed = async (bank_id: string) =>
  (await teacher.testing.listItems({ query: { bank_id, sort: 'created_at', limit: 100 } })).items;

const file = [
  'external_id,kind,body,option_1,option_2,option_3,key,a,b,status,tags',
  'q1,choice,2 + 2?,3,4,5,2,1.2,-0.5,live,sum;easy',
  'q2,multi,Primes?,2,3,4,1;2,,,pilot,',
  'q3,numeric,π to two places,,,,3.14±0.005,,,draft,',
  'q4,text,Capital of France,,,,Paris|paris city,,,draft,',
].join('\r\n');

test('a file makes items in its order; again it changes nothing', async () => {
  const bank_id = await newBank();
  const preview = await importing(bank_id, file, { dry_run: true });
  expect([preview.dry_run, counts(preview)]).toEqual([true, [4, 0, 0, 0]]);
  expect(preview.rows[0]).toEqual({
    line: 2,
    item_id: null,
    external_id: 'q1',
    title: '2 + 2?',
    status: 'created',
    problem: null,
  });
  expect(await listed(bank_id)).toEqual([]);

  const report = await importing(bank_id, file);
  expect(counts(report)).toEqual([4, 0, 0, 0]);
  const items = await listed(bank_id);
  expect(items.map(({ item_id }) => item_id)).toEqual(report.rows.map(({ item_id }) => item_id));
  expect(items).toMatchObject([
    {
      kind: 'choice',
      key: 1,
      status: 'live',
      tags: ['sum', 'easy'],
      parameters: { model: '2PL', a: 1.2, b: -0.5, source: 'imported' },
    },
    { kind: 'multi', key: [0, 1], status: 'pilot', parameters: null },
    { kind: 'numeric', key: { value: 3.14, tolerance: 0.005, tolerance_kind: 'absolute' } },
    { kind: 'text', key: { accepted: ['Paris', 'paris city'], case_sensitive: false } },
  ]);
  expect(counts(await importing(bank_id, file))).toEqual([0, 0, 4, 0]);
  expect(await listed(bank_id)).toEqual(items);
  expect(await teacher.testing.getItemBank({ params: { bank_id } })).toMatchObject({ item_count: 4 });
});

test('rows without any id find the very question that is there', async () => {
  const bank_id = await newBank();
  const plain = 'kind,body,option_1,option_2,key,subject\nchoice,1 + 1?,1,2,2,math\n';
  expect(counts(await importing(bank_id, plain))).toEqual([1, 0, 0, 0]);
  expect(counts(await importing(bank_id, plain))).toEqual([0, 0, 1, 0]);
  expect(counts(await importing(bank_id, plain.replace(',math', ',algebra')))).toEqual([0, 1, 0, 0]);
  expect(counts(await importing(bank_id, plain.replace('1 + 1?', '2 - 0?')))).toEqual([1, 0, 0, 0]);
  expect(await listed(bank_id)).toMatchObject([{ subject: 'algebra', revision: 1 }, { subject: 'math' }]);
});

test('a refused row says what is wrong, and the others are made', async () => {
  const bank_id = await newBank();
  const report = await importing(
    bank_id,
    [
      'external_id,kind,body,option_1,option_2,key,model,b,status',
      'a,choice,Fine,x,y,1,,,',
      'b,choice,No such option,x,y,3,,,',
      'c,essay,Unknown kind,x,y,1,,,',
      'd,choice,Live without parameters,x,y,1,,,live',
      'e,numeric,Not a number,,,around 3,,,',
      'a,choice,The same id,x,y,1,,,',
      'f,choice,Fine,x,y,1,,,',
      'g,choice,Difficult,x,y,1,1PL,hard,',
      'h,choice,Option twice,x,x,1,,,',
      ',choice,,x,y,1,,,',
    ].join('\n'),
  );
  expect(report.rows.map(({ line, status, problem }) => [line, status, problem?.field])).toEqual([
    [2, 'created', undefined],
    [3, 'refused', 'key'],
    [4, 'refused', 'kind'],
    [5, 'refused', 'model'],
    [6, 'refused', 'key'],
    [7, 'refused', 'row'],
    [8, 'refused', 'row'],
    [9, 'refused', 'b'],
    [10, 'refused', 'option_1'],
    [11, 'refused', 'body'],
  ]);
  expect(report.rows[5]?.problem?.detail).toBe('is the same item as in line 2');
  expect(await listed(bank_id)).toHaveLength(1);
});

test('a row whose option would read as another one is refused', async () => {
  const bank_id = await newBank();
  const report = await importing(
    bank_id,
    'kind,body,option_1,option_2,key\nchoice,6 · 7?,42,\u202E24\u202C,1\nchoice,6 · 8?,48,84,1\n',
  );
  expect(report.rows.map(({ status, problem }) => [status, problem?.field])).toEqual([
    ['refused', 'option_2'],
    ['created', undefined],
  ]);
  expect(report.rows[0]?.problem?.detail).toContain('writing direction');
});

test('a file with some columns changes those, and only what it may', async () => {
  const bank_id = await newBank();
  await importing(bank_id, file);
  const change = (content: string) => importing(bank_id, content);
  expect(counts(await change('external_id,subject\nq1,Math\nq2,Math\n'))).toEqual([0, 2, 0, 0]);
  expect(counts(await change('external_id,key\nq1,3\nq3,3.15±0.1%\n'))).toEqual([0, 2, 0, 0]);
  const back = await change('external_id,status\nq1,draft\nq2,live\n');
  expect(back.rows.map(({ problem }) => problem?.field)).toEqual(['status', 'model']);
  const items = await listed(bank_id);
  expect(items).toMatchObject([
    { key: 2, subject: 'Math', revision: 2, tags: ['sum', 'easy'] },
    { subject: 'Math', revision: 1 },
    { key: { value: 3.15, tolerance: 0.001, tolerance_kind: 'relative' }, revision: 2 },
    { revision: 1 },
  ]);
  const [first, second] = items;
  const both = `item_id,external_id\n${first?.item_id},q2\n${second?.item_id},\n`;
  expect((await change(both)).rows.map(({ status }) => status)).toEqual(['refused', 'updated']);
});

test('what one bank exports another imports: the same items, and again nothing changes', async () => {
  const written = fc.sample(someItem, { numRuns: 40, seed: 11 });
  const seen = new Set<string>();
  const items = written.flatMap((item, k) => {
    const external_id = item.external_id === null || seen.has(item.external_id) ? null : item.external_id;
    if (external_id !== null) seen.add(external_id);
    return [{ ...item, external_id, body: `${item.body} ${k}` }];
  });
  const { bank_id } = await aBank(school, { org_id, by, items, publish: false });
  const plain = async (id: string) =>
    (await itemsOfBank(table, id)).map(
      ({ item_id: _1, bank_id: _2, version: _3, revision: _4, created_at: _5, updated_at: _6, ...item }) =>
        item,
    );
  for (const format of ['csv', 'json'] as const) {
    const exported = await colleague.testing.exportItems({ params: { bank_id }, query: { format } });
    expect([exported.items, exported.parts, exported.file_name]).toEqual([40, 1, `arithmetic.${format}`]);
    const again = await importing(bank_id, exported.content, { format });
    expect([counts(again), again.rows.filter(({ problem }) => problem)]).toEqual([[0, 0, 40, 0], []]);
    const copy = await newBank();
    expect(counts(await importing(copy, exported.content, { format }))).toEqual([40, 0, 0, 0]);
    expect(await plain(copy)).toEqual(await plain(bank_id));
  }
});

test('a large bank is exported in parts that the import takes', async () => {
  const { bank_id } = await aBank(school, { org_id, by, items: someItems(1_003), publish: false });
  const part = (number: number, format: 'csv' | 'json' = 'csv') =>
    teacher.testing.exportItems({ params: { bank_id }, query: { format, part: String(number) as never } });
  const [first, second] = [await part(1), await part(2)];
  expect([first.items, first.parts, first.file_name, second.items]).toEqual([
    1_000,
    2,
    'arithmetic-1.csv',
    3,
  ]);
  expect(await refusal(part(3))).toBe('404 part.not_found');
  const copy = await newBank();
  expect(counts(await importing(copy, first.content))).toEqual([1_000, 0, 0, 0]);
  expect(counts(await importing(copy, (await part(2, 'json')).content, { format: 'json' }))).toEqual([
    3, 0, 0, 0,
  ]);
  const bodies = (await itemsOfBank(table, copy)).map(({ body }) => body);
  expect(bodies).toEqual(Array.from({ length: 1_003 }, (_, k) => `Question ${k + 1}`));
  const retired = second.content.replaceAll(',live,', ',retired,');
  expect(counts(await importing(copy, retired))).toEqual([0, 3, 0, 0]);
}, 60_000);

test('a file that is no table of items is refused whole', async () => {
  const bank_id = await newBank();
  const rule = async (content: string, format: 'csv' | 'json' = 'csv') => {
    const { summary, body } = await refusedWith(importing(bank_id, content, { format }));
    const [first] = Array.isArray(body.detail) ? body.detail : [];
    return [summary, first?.loc.join('.'), first?.type];
  };
  const refused = (type: string) => ['422 request.invalid', 'body.content', type];
  expect(await rule('name,age\nx,1\n')).toEqual(refused('csv_header'));
  expect(await rule('kind,body\nchoice,"open\n')).toEqual(refused('csv_quote'));
  expect(await rule('kind,body\n')).toEqual(refused('rows'));
  expect(await rule('kind,body\nchoice,\uFFFD\n')).toEqual(refused('csv_encoding'));
  expect(await rule('{"items": 1}', 'json')).toEqual(refused('json'));
  expect(await rule('{', 'json')).toEqual(refused('json'));
  expect(await rule('['.repeat(100), 'json')).toEqual(refused('json'));
  expect(await rule(`kind,body\n${'choice,x\n'.repeat(1_001)}`)).toEqual(refused('rows'));
  expect(
    await refusal(
      colleague.testing.importItems({ params: { bank_id }, body: { format: 'csv', content: file } }),
    ),
  ).toBe('403 item_bank.not_own');
});

test('JSON takes items as the API gives them, and other names of fields', async () => {
  const bank_id = await newBank();
  const content = JSON.stringify({
    items: [
      { kind: 'choice', content: 'x', options: ['a', 'b'], key: 0, difficulty: 1, discrimination: 2 },
      { kind: 'choice', body: 'y', options: ['a', 'b'], key: 0, revision: 7, org_id: 'elsewhere' },
      { kind: 'choice', body: 'z', options: ['a', 'b'], key: 0, colour: 'red' },
      'nothing',
      null,
    ],
  });
  const report = await importing(bank_id, content, { format: 'json' });
  expect(report.rows.map(({ line, status, problem }) => [line, status, problem?.field])).toEqual([
    [1, 'created', undefined],
    [2, 'created', undefined],
    [3, 'refused', 'row'],
    [4, 'refused', 'row'],
    [5, 'refused', 'row'],
  ]);
  const [first] = await listed(bank_id);
  expect(first).toMatchObject({
    body: 'x',
    parameters: { model: '3PL', a: 2, b: 1, c: 0.25, source: 'imported' },
  });
});

test('two imports of one file at once make each item once', async () => {
  const bank_id = await newBank();
  const reports = await Promise.all([importing(bank_id, file), importing(bank_id, file)]);
  expect(reports.map(counts).reduce((sum, [created = 0]) => sum + created, 0)).toBe(4);
  expect(await listed(bank_id)).toHaveLength(4);
  expect(counts(await importing(bank_id, file))).toEqual([0, 0, 4, 0]);
});

test('equal imports at once make each item once, though no row has an id', async () => {
  const bank_id = await newBank();
  const rows = Array.from({ length: 100 }, (_, k) => `numeric,${k} + 1?,${k + 1}`);
  const plain = ['kind,body,key', ...rows].join('\n');
  const reports = await Promise.all([1, 2, 3].map(() => importing(bank_id, plain)));
  expect(reports.map((report) => counts(report)[3])).toEqual([0, 0, 0]);
  const made = reports.flatMap((report) => report.rows.filter(({ status }) => status === 'created'));
  expect(made.map(({ title }) => title).sort()).toEqual(rows.map((row) => row.split(',')[1]).sort());
  const items = await itemsOfBank(table, bank_id);
  expect(new Set(items.map(({ item_id }) => item_id))).toEqual(new Set(made.map(({ item_id }) => item_id)));
  for (const { rows: reported } of reports)
    expect(reported.map(({ line, item_id }) => [line, items.some((one) => one.item_id === item_id)])).toEqual(
      rows.map((_, k) => [k + 2, true]),
    );
  expect(await teacher.testing.getItemBank({ params: { bank_id } })).toMatchObject({ item_count: 100 });
});

test('what somebody writes into a bank while a file is imported makes no copy and takes no row away', async () => {
  const bank_id = await newBank();
  const rows = Array.from({ length: 70 }, (_, k) => `numeric,${k} + 1?,${k + 1}`);
  const file = importing(bank_id, ['kind,body,key', ...rows].join('\n'));
  const written = Array.from({ length: 5 }, (_, k) =>
    teacher.testing.createItem({ body: { kind: 'numeric', body: `own ${k}`, key: { value: k }, bank_id } }),
  );
  await Promise.all(written);
  expect(counts(await file)).toEqual([70, 0, 0, 0]);
  expect(await itemsOfBank(table, bank_id)).toHaveLength(75);
});

test('of rows with one external id in files that come at once the first makes the item, and the others change it', async () => {
  const bank_id = await newBank();
  const rows = (name: string) =>
    ['external_id,kind,body,key', `shared,numeric,${name},1`]
      .concat(Array.from({ length: 40 }, (_, k) => `${name}-${k},numeric,${name} ${k},${k}`))
      .join('\n');
  const reports = await Promise.all(['a', 'b', 'c'].map((name) => importing(bank_id, rows(name))));
  const items = await listed(bank_id);
  const { item_count } = await teacher.testing.getItemBank({ params: { bank_id } });
  expect([items.length, item_count]).toEqual([100, 121]);
  for (const { rows: reported } of reports)
    expect(reported.slice(1).every(({ status }) => status === 'created')).toBe(true);
  const shared = reports.map(({ rows: [first] }) => first?.status).sort();
  expect(shared).toEqual(['created', 'updated', 'updated']);
});

test('a bank takes five thousand items and no more, one by one or from a file', async () => {
  const bank_id = await newBank();
  const bank = await table.get(itemBanks, { bank_id }, { consistent: true });
  if (!bank) throw new Error('there is the bank');
  // as if they were there
  await table.write(table.replace(itemBanks, bank, { ...bank, item_count: 4_997 }));
  expect(counts(await importing(bank_id, file, { dry_run: true }))).toEqual([3, 0, 0, 1]);
  const report = await importing(bank_id, file);
  expect(report.rows.map(({ status }) => status)).toEqual(['created', 'created', 'created', 'refused']);
  const one = { kind: 'numeric', body: 'one more', key: { value: 1 }, bank_id } as const;
  expect(await refusal(teacher.testing.createItem({ body: one }))).toBe('409 item_bank.full');
});
