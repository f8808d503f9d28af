import { itemsOfBank } from '#shared/banks/publish.ts';
import type { itemBankOperations } from '#shared/contracts/item-banks.ts';
import type { Caller, Reply, Request } from '#shared/contracts/operation.ts';
import { DomainError } from '#shared/errors.ts';
import { uuidv7 } from '#shared/ids.ts';
import type { ItemBankRecord } from '#shared/table/item-bank.ts';
import { countItems, mostItems, newItem, newItemWrites } from '#shared/table/new-item.ts';
import { ConditionFailed, type Table, type Write } from '#shared/table/table.ts';
import { ownBank } from '../bank-access.ts';
import { changeOf } from '../item-write.ts';
import type { TestingWorld } from '../world.ts';
import { type Planned, planImport } from './import-plan.ts';
import { readImport } from './import-rows.ts';

type Operation = (typeof itemBankOperations)['importItems'];
type Report = Reply<Operation>;
type Row = Report['rows'][number];

/** Items of one transaction, of the hundred writes that it may have: three of a new one and their count, four of a change. */
const createdAtOnce = 30;
const changedAtOnce = 24;

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
  const steps = [...creations(work, planned), ...changes(work, planned)];
  if (!dry_run) {
    const { table } = world;
    const coming = (status: Row['status']) => steps.filter(({ row }) => row.status === status);
    const counted = (items: number) => [countItems(table, bank_id, items)];
    await commit(table, coming('created'), createdAtOnce, counted);
    await commit(table, coming('updated'), changedAtOnce, () => []);
  }
  const rows = new Map(steps.map((step) => [step.planned, step.row]));
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

/** What a row comes to, and what it writes. */
interface Step {
  readonly planned: Planned;
  readonly writes: readonly Write[];
  row: Row;
}

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

/** In the order of the file, which the items' ids keep: each a millisecond after the one before. */
function creations({ world, bank, now, made, dry_run }: Work, planned: readonly Planned[]): Step[] {
  const { bank_id, org_id } = bank;
  let at = now.getTime();
  return planned.flatMap((one): Step[] => {
    if (one.step.kind !== 'create') return [];
    const item_id = uuidv7(new Date(at++));
    const item = newItem({ item_id, bank_id, org_id }, one.step.written, made);
    const writes = newItemWrites(world.table, item);
    return [
      { planned: one, writes, row: rowOf(one, { status: 'created', item_id: dry_run ? null : item_id }) },
    ];
  });
}

const changes = ({ world, made }: Work, planned: readonly Planned[]): Step[] =>
  planned.flatMap((one): Step[] => {
    if (one.step.kind !== 'update') return [];
    const { item, written } = one.step;
    const change = changeOf(world.table, item, written, made);
    const status = change ? 'updated' : 'unchanged';
    const row = rowOf(one, { status, item_id: item.item_id, external_id: written.external_id });
    return [{ planned: one, writes: change?.writes ?? [], row }];
  });

/** Some rows to a transaction; where something is in the way of one of them, one by one. */
async function commit(
  table: Table,
  steps: readonly Step[],
  atOnce: number,
  beside: (items: number) => readonly Write[],
): Promise<void> {
  const write = (some: readonly Step[]) =>
    table.write(...beside(some.length), ...some.flatMap(({ writes }) => writes));
  for (let from = 0; from < steps.length; from += atOnce) {
    const some = steps.slice(from, from + atOnce);
    try {
      await write(some);
    } catch (error) {
      problemOf(error);
      for (const step of some)
        await write([step]).catch((reason: unknown) => {
          step.row = refusedRow(step.planned, problemOf(reason));
        });
    }
  }
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
