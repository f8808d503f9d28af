import { type Entity, keyText } from '#shared/table/entity.ts';
import { addSums } from '#shared/table/exam-statistics.ts';
import { type Table, transactionSize, type Write } from '#shared/table/table.ts';

type Sums = Readonly<Record<string, number>>;

/** What is added to the sums of an item of the table; several to the same one make one write. */
export interface Addition {
  /** Of the item. */
  readonly name: string;
  readonly sums: Sums;
  readonly write: (sums: Sums) => Write;
}

/** What counting a session writes. */
export interface Share {
  readonly exam_session_id: string;
  /** Each on the condition that nobody else wrote meanwhile. */
  readonly own: readonly Write[];
  readonly added: readonly Addition[];
}

export function additionTo<Id extends object, Item extends object>(
  table: Table,
  of: Entity<Item, Id>,
  id: Id,
  sums: Sums,
): Addition {
  return { name: keyText(of.key(id)), sums, write: (all) => addSums(table, of, id, all) };
}

const summed = (one: Sums, other: Sums): Sums =>
  Object.fromEntries(Object.entries(one).map(([name, sum]) => [name, sum + (other[name] ?? 0)]));

export function writesOf(shares: readonly Share[]): Write[] {
  const additions = new Map<string, Addition>();
  for (const one of shares.flatMap(({ added }) => added)) {
    const before = additions.get(one.name);
    additions.set(one.name, before ? { ...one, sums: summed(before.sums, one.sums) } : one);
  }
  return [
    ...shares.flatMap(({ own }) => own),
    ...[...additions.values()].map(({ write, sums }) => write(sums)),
  ];
}

/**
 * Shares that go into one transaction each. Of several that would write the same item on their condition all but the
 * first are left out: the others have to see what it left.
 */
export function packed(shares: readonly Share[]): Share[][] {
  const packs: Share[][] = [];
  const claimed = new Set<string>();
  let room = 0;
  let names = new Set<string>();
  for (const share of shares) {
    const owned = share.own.map(nameOf);
    if (owned.some((name) => claimed.has(name))) continue;
    for (const name of owned) claimed.add(name);
    const needed = () => share.own.length + share.added.filter(({ name }) => !names.has(name)).length;
    if (needed() > room) {
      packs.push([]);
      room = transactionSize;
      names = new Set();
    }
    room -= needed();
    for (const { name } of share.added) names.add(name);
    packs.at(-1)?.push(share);
  }
  return packs;
}

/** The item of a write. */
function nameOf({ item: { Put, Update } }: Write): string {
  const key = Put?.Item ?? Update?.Key;
  return keyText({ pk: String(key?.['pk']), sk: String(key?.['sk']) });
}
