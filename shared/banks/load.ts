import type { ObjectReader } from '../aws/objects.ts';
import { type LoadedBank, loadedBank } from '../domain/items/loaded.ts';
import { notFound } from '../errors.ts';
import { bankVersions } from '../table/item-bank.ts';
import type { Table } from '../table/table.ts';
import { mostPublishedBytes, readBank } from './object.ts';

/** What loading a bank needs. */
export interface BankWorld {
  readonly table: Table;
  readonly objects: ObjectReader;
}

/** Bytes of JSON that a process keeps: one bank of the largest, or many of the usual. */
const mostBytes = mostPublishedBytes;

interface Kept {
  readonly loading: Promise<LoadedBank>;
  /** Known once it is read, before it is parsed. */
  bytes: number;
}

/** By bank and version, the least recently used first; each bucket's objects have their own. */
const kept = new WeakMap<ObjectReader, Map<string, Kept>>();

/**
 * A published version of a bank, from the process's memory or from S3. Versions never change, so nothing goes stale.
 *
 * @throws 404 where there is no such version
 */
export function loadBank(world: BankWorld, bank_id: string, version: number): Promise<LoadedBank> {
  const cache = kept.get(world.objects) ?? new Map<string, Kept>();
  kept.set(world.objects, cache);
  const key = `${bank_id}#${version}`;
  const found = cache.get(key);
  // the newest stands last
  cache.delete(key);
  const entry = found ?? loadingEntry(world, cache, { bank_id, version_number: version }, key);
  cache.set(key, entry);
  return entry.loading;
}

function loadingEntry(
  world: BankWorld,
  cache: Map<string, Kept>,
  id: { readonly bank_id: string; readonly version_number: number },
  key: string,
): Kept {
  const before = (bytes: number): void => {
    entry.bytes = bytes;
    makeRoom(cache);
  };
  const entry: Kept = { loading: inTurn(world.objects, () => read(world, id, before)), bytes: 0 };
  entry.loading.catch(() => cache.delete(key));
  return entry;
}

const last = new WeakMap<ObjectReader, Promise<unknown>>();

/** One after the other: while it is parsed, a bank takes ten times the room of its JSON. */
function inTurn<T>(objects: ObjectReader, work: () => Promise<T>): Promise<T> {
  const turn = (last.get(objects) ?? Promise.resolve()).then(work);
  last.set(
    objects,
    turn.catch(() => {}),
  );
  return turn;
}

async function read(
  { table, objects }: BankWorld,
  id: { readonly bank_id: string; readonly version_number: number },
  before: (bytes: number) => void,
): Promise<LoadedBank> {
  const record = await table.get(bankVersions, id, { consistent: true });
  if (!record) throw notFound('version');
  return loadedBank({ ...(await readBank(objects, record, before)), version: id.version_number });
}

/** The one that was asked for last stays, however large it is. */
function makeRoom(cache: Map<string, Kept>): void {
  let bytes = [...cache.values()].reduce((sum, entry) => sum + entry.bytes, 0);
  for (const [key, entry] of cache) {
    if (bytes <= mostBytes || cache.size === 1) return;
    cache.delete(key);
    bytes -= entry.bytes;
  }
}
