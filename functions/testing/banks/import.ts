import { itemsOfBank } from '#shared/banks/items.ts';
import type { itemBankOperations } from '#shared/contracts/item-banks.ts';
import type { Caller, Reply, Request } from '#shared/contracts/operation.ts';
import { DomainError } from '#shared/errors.ts';
import { uuidv7 } from '#shared/ids.ts';
import type { ItemBankRecord } from '#shared/table/item-bank.ts';
import { countItems, mostItems, newItem, newItemWrites } from '#shared/table/new-item.ts';
import { retried } from '#shared/table/retry.ts';
import type { Write } from '#shared/table/table.ts';
import { ownBank } from '../bank-access.ts';
import { changeOf } from '../item-write.ts';
import type { TestingWorld } from '../world.ts';
import { namedBy, type Planned, planImport } from './import-plan.ts';
import { type ImportFile, type ImportRow, readImport } from './import-rows.ts';

type Operation = (typeof itemBankOperations)['importItems'];
type Report = Reply<Operation>;
type Row = Report['rows'][number];

/** Items of one transaction, of the hundred writes that it may have: three of a new one and their count, four of a change. */
const createdAtOnce = 30;
const changedAtOnce = 24;

/** A thousand rows are 34 transactions, and of each another import of this bank may be in the way. */
const patience = 60;

/**
 * Imports items: plans all rows on what the bank is, then carries the plan out. Where somebody else adds items or
 * changes one meanwhile, what is left is planned anew, so that imports at once come to what they come to one after the
 * other. The same file again goes on where this one stopped.
 */
export async function importItems(
  world: TestingWorld,
  caller: Caller,
  bank_id: string,
  { format, content, dry_run }: Request<Operation>['body'],
): Promise<Report> {
  const file = readImport(format, content);
  const isNamed = namedBy(file.rows);
  const now = world.now();
  const made = { by: caller.user_id, at: now.toISOString() };
  const work: Work = { world, now, made, dry_run, settled: new Map() };
  return retried(async () => {
    const bank = await ownBank(world, caller, bank_id);
    // after the bank: whoever adds an item from here on raises its version
    const present = await itemsOfBank(world.table, bank_id, isNamed);
    const planned = planImport(file.rows, present, mostItems - bank.item_count);
    const creating = creations(work, bank, planned);
    const changing = changes(work, planned);
    if (!dry_run) {
      await create(work, bank, creating);
      await change(work, changing);
    }
    return reportOf(work, file, planned, [...creating, ...changing]);
  }, patience);
}

interface Work {
  readonly world: TestingWorld;
  readonly now: Date;
  readonly made: { readonly by: string; readonly at: string };
  readonly dry_run: boolean;
  /** What was written of the file, whatever the plan is by now. */
  readonly settled: Map<ImportRow, Row>;
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
  throw error;
}

/** In the order of the file, which the items' ids keep: each a millisecond after the one before. */
function creations({ world, now, made, dry_run }: Work, bank: ItemBankRecord, planned: readonly Planned[]) {
  const { bank_id, org_id } = bank;
  return planned.flatMap((one, position): Step[] => {
    if (one.step.kind !== 'create') return [];
    const item_id = uuidv7(new Date(now.getTime() + position));
    const item = newItem({ item_id, bank_id, org_id }, one.step.written, made);
    const writes = newItemWrites(world.table, item);
    return [
      { planned: one, writes, row: rowOf(one, { status: 'created', item_id: dry_run ? null : item_id }) },
    ];
  });
}

const changes = ({ world, made, settled }: Work, planned: readonly Planned[]): Step[] =>
  planned.flatMap((one): Step[] => {
    if (one.step.kind !== 'update' || settled.has(one.row)) return [];
    const { item, written } = one.step;
    const change = changeOf(world.table, item, written, made);
    const status = change ? 'updated' : 'unchanged';
    const row = rowOf(one, { status, item_id: item.item_id, external_id: written.external_id });
    return [{ planned: one, writes: change?.writes ?? [], row }];
  });

/** @throws ConditionFailed once the bank has other items than the plan was made on */
function create(work: Work, { bank_id, version }: ItemBankRecord, steps: readonly Step[]): Promise<void> {
  const { table } = work.world;
  let seen = version;
  return commit(work, steps, createdAtOnce, async (writes, some) => {
    await table.write(countItems(table, bank_id, some, seen), ...writes);
    seen++;
  });
}

/** @throws ConditionFailed once an item is another than the plan was made on */
const change = (work: Work, steps: readonly Step[]): Promise<void> =>
  commit(
    work,
    steps.filter(({ writes }) => writes.length > 0),
    changedAtOnce,
    (writes) => work.world.table.write(...writes),
  );

/** Some rows to a transaction; where something is in the way of one of them, one by one. */
async function commit(
  { settled }: Work,
  steps: readonly Step[],
  atOnce: number,
  write: (writes: readonly Write[], some: number) => Promise<void>,
): Promise<void> {
  const writeSome = async (some: readonly Step[]): Promise<void> => {
    await write(
      some.flatMap(({ writes }) => writes),
      some.length,
    );
    for (const { planned, row } of some) settled.set(planned.row, row);
  };
  for (let from = 0; from < steps.length; from += atOnce) {
    const some = steps.slice(from, from + atOnce);
    try {
      await writeSome(some);
    } catch (error) {
      problemOf(error);
      for (const step of some)
        await writeSome([step]).catch((reason: unknown) => {
          step.row = refusedRow(step.planned, problemOf(reason));
        });
    }
  }
}

function reportOf(
  { dry_run, settled }: Work,
  { ignored_columns }: ImportFile,
  planned: readonly Planned[],
  steps: readonly Step[],
): Report {
  const outcomes = new Map(steps.map((step) => [step.planned, step.row]));
  const rows = planned.map((one) => settled.get(one.row) ?? outcomes.get(one) ?? refusedRow(one));
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
