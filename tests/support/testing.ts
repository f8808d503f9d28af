/** Item banks and adaptive tests as they are in a school, written past the API. */
import { loadBank } from '#shared/banks/load.ts';
import { publishBank } from '#shared/banks/publish.ts';
import { type WrittenItem, writtenItem } from '#shared/contracts/item-shapes.ts';
import { uuidv7 } from '#shared/ids.ts';
import type { ItemRecord } from '#shared/table/item.ts';
import { itemBanks } from '#shared/table/item-bank.ts';
import { countItems, newBank, newItem, newItemWrites } from '#shared/table/new-item.ts';
import type { School } from './school.ts';

/** Words that only keys, explanations, parameters and labels have: no student may ever read one of them. */
export const itemSecrets = ['sekret_explanation', 'sekret_answer', 'sekret_tag', '0.123456789'] as const;

/** A live choice item with known parameters; `changes` are as in a request. */
export const anItem = (changes: Readonly<Record<string, unknown>> = {}): WrittenItem =>
  writtenItem.parse({
    kind: 'choice',
    body: 'What is $2 + 2$?',
    options: ['3', '4', '5', '22'],
    key: 1,
    explanation: 'sekret_explanation',
    parameters: { model: '2PL', a: 1.123456789, b: 0.123456789 },
    status: 'live',
    tags: ['sekret_tag'],
    ...changes,
  });

/** Live choice items whose difficulties are spread from −2.5 to 2.5; the key of item k is k mod 4. */
export const someItems = (count: number): WrittenItem[] =>
  Array.from({ length: count }, (_, k) =>
    anItem({
      body: `Question ${k + 1}`,
      key: k % 4,
      parameters: { model: '2PL', a: 0.8 + 0.2 * (k % 5), b: count === 1 ? 0 : -2.5 + (5 * k) / (count - 1) },
    }),
  );

interface Options {
  readonly org_id: string;
  readonly by: string;
  readonly name?: string;
  readonly D?: 1 | 1.702;
  /** What is in it, or how many of {@link someItems}. */
  readonly items?: readonly WrittenItem[] | number;
  /** Default: published as version 1. */
  readonly publish?: boolean;
}

/** Objects of the school's bucket. */
export async function objectsOf({ bucket }: Pick<School, 'bucket'>) {
  const { objectsIn } = await import('#shared/aws/clients.ts');
  return objectsIn(bucket, process.env['AWS_ENDPOINT_URL']);
}

/** A bank with its items, in the order in which they are given. */
export async function aBank(
  school: Pick<School, 'table' | 'bucket'>,
  { org_id, by, name = 'Arithmetic', D = 1, items = 12, publish = true }: Options,
) {
  const { table } = school;
  const made = { by, at: new Date().toISOString() };
  const bank_id = uuidv7();
  const fields = { name, description: '', subject: null, D };
  await table.write(table.insert(itemBanks, newBank({ bank_id, org_id }, fields, made)));
  const written = typeof items === 'number' ? someItems(items) : items;
  const time = Date.now();
  const records: ItemRecord[] = written.map((item, k) =>
    newItem({ item_id: uuidv7(new Date(time + k)), bank_id, org_id }, item, made),
  );
  for (let from = 0; from < records.length; from += 30) {
    const some = records.slice(from, from + 30);
    const writes = some.flatMap((item) => newItemWrites(table, item));
    await table.write(countItems(table, bank_id, some.length), ...writes);
  }
  const objects = await objectsOf(school);
  const world = { table, objects, now: () => new Date() };
  const published = publish
    ? await publishBank(world, bank_id, { by, note: '', source: 'publish' })
    : undefined;
  const version = published?.version_number ?? 0;
  return { bank_id, org_id, version, items: records, load: () => loadBank(world, bank_id, version) };
}
