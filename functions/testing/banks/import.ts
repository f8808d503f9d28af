import { itemsOfBank } from '#shared/banks/publish.ts';
import type { itemBankOperations } from '#shared/contracts/item-banks.ts';
import type { Caller, Reply, Request } from '#shared/contracts/operation.ts';
import { DomainError } from '#shared/errors.ts';
import { uuidv7 } from '#shared/ids.ts';
import type { ItemRecord } from '#shared/table/item.ts';
import type { ItemBankRecord } from '#shared/table/item-bank.ts';
import { countItems, mostItems, newItem, newItemWrites } from '#shared/table/new-item.ts';
import { ConditionFailed } from '#shared/table/table.ts';
import { ownBank } from '../bank-access.ts';
import { changeOf } from '../item-write.ts';
import type { TestingWorld } from '../world.ts';
import { type Planned, planImport } from './import-plan.ts';
import { readImport } from './import-rows.ts';

type Operation = (typeof itemBankOperations)['importItems'];
type Report = Reply<Operation>;
type Row = Report['rows'][number];

/** Items that one transaction makes: three writes each, and the count, of the hundred that it may have. */
const createdAtOnce = 30;
/** Changes under way at once, each a transaction. */
const changesAtOnce = 8;

/**
 * Imports items: plans all rows on what the bank is, then carries the plan out. What a row meets there (somebody
 * else changed the same item) refuses that row alone; the same file again goes on where this one stopped.
 */
export async function importItems(
  world: TestingWorld,
  caller: Caller,
  bank_id: string,
  { format, content, dry_run }: Request<Operation>['body'],
): Promise<Report> {
  const bank = await ownBank(world, caller, bank_id);
  const file = readImport(format, content);
  const all = await itemsOfBank(world.table, bank_id);
  const planned = planImport(file.rows, all, mostItems - bank.item_count);
  const now = world.now();
  const work: Work = { world, bank, now, made: { by: caller.user_id, at: now.toISOString() }, dry_run };
  const rows = new Map<Planned, Row>();
  await createAll(work, planned, rows);
  await changeAll(work, planned, rows);
  return reportOf(
    dry_run,
    planned.map((one) => rows.get(one) ?? refusedRow(one)),
    file.ignored_columns,
  );
}

interface Work {
  readonly world: TestingWorld;
  readonly bank: ItemBankRecord;
  readonly now: Date;
  readonly made: { readonly by: string; readonly at: string };
  readonly dry_run: boolean;
}
type Rows = Map<Planned, Row>;

const rowOf = (
  { row, title }: Planned,
  outcome: Pick<Row, 'status'> & Partial<Pick<Row, 'item_id' | 'external_id' | 'problem'>>,
): Row => ({
  line: row.line,
  item_id: null,
  external_id: row.external_id?.slice(0, 100) ?? null,
  title,
  problem: null,
  ...outcome,
});

const refusedRow = (one: Planned, problem: Row['problem'] = null): Row =>
  rowOf(one, {
    status: 'refused',
    problem: one.step.kind === 'refused' ? one.step.problem : problem,
  });

/** What refused a row at the table, as a problem of the row; anything else is no row's fault. */
function problemOf(error: unknown): NonNullable<Row['problem']> {
  if (error instanceof DomainError && error.kind === 'conflict')
    return { field: 'row', detail: error.message };
  if (error instanceof ConditionFailed)
    return { field: 'row', detail: 'somebody changed this item at the same moment; import the file again' };
  throw error;
}

interface Creation {
  readonly planned: Planned;
  readonly item: ItemRecord;
}

/** In the order of the file, which the items' ids keep: each a millisecond after the one before. */
async function createAll({ world, bank, now, made, dry_run }: Work, planned: readonly Planned[], rows: Rows) {
  const { bank_id, org_id } = bank;
  let at = now.getTime();
  const creations = planned.flatMap((one): Creation[] => {
    if (one.step.kind !== 'create') return [];
    const place = { item_id: uuidv7(new Date(at++)), bank_id, org_id };
    return [{ planned: one, item: newItem(place, one.step.written, made) }];
  });
  for (let from = 0; from < creations.length; from += createdAtOnce) {
    const some = creations.slice(from, from + createdAtOnce);
    if (!dry_run) await createSome(world, bank_id, some, rows);
    for (const { planned: one, item } of some)
      if (!rows.has(one))
        rows.set(one, rowOf(one, { status: 'created', item_id: dry_run ? null : item.item_id }));
  }
}

/** All of them in one transaction, or one by one when something is in the way of one. */
async function createSome(
  { table }: TestingWorld,
  bank_id: string,
  some: readonly Creation[],
  rows: Rows,
): Promise<void> {
  const create = (creations: readonly Creation[]) =>
    table.write(
      countItems(table, bank_id, creations.length),
      ...creations.flatMap(({ item }) => newItemWrites(table, item)),
    );
  try {
    await create(some);
  } catch (error) {
    problemOf(error);
    for (const one of some)
      await create([one]).catch((reason: unknown) => {
        rows.set(one.planned, refusedRow(one.planned, problemOf(reason)));
      });
  }
}

async function changeAll(
  { world, made, dry_run }: Work,
  planned: readonly Planned[],
  rows: Rows,
): Promise<void> {
  const waiting = planned.filter(({ step }) => step.kind === 'update');
  const changeNext = async (): Promise<void> => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      if (one.step.kind !== 'update') continue;
      const { item, written } = one.step;
      const change = changeOf(world.table, item, written, made);
      try {
        if (change && !dry_run) await world.table.write(...change.writes);
        const { item_id } = item;
        const status = change ? 'updated' : 'unchanged';
        rows.set(one, rowOf(one, { status, item_id, external_id: written.external_id }));
      } catch (error) {
        rows.set(one, refusedRow(one, problemOf(error)));
      }
    }
  };
  await Promise.all(Array.from({ length: changesAtOnce }, changeNext));
}

function reportOf(dry_run: boolean, rows: Row[], ignored_columns: readonly string[]): Report {
  const count = (status: Row['status']) => rows.filter((row) => row.status === status).length;
  return {
    dry_run,
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    refused: count('refused'),
    ignored_columns: [...ignored_columns],
    rows,
  };
}
