import type { ObjectReader } from '../aws/objects.ts';
import { type LoadedBank, loadedBank } from '../domain/items/loaded.ts';
import { notFound } from '../errors.ts';
import { bankVersions } from '../table/item-bank.ts';
import type { Table } from '../table/table.ts';
import { readBank } from './object.ts';

/** What loading a bank needs. */
export interface BankWorld {
  readonly table: Table;
  readonly objects: ObjectReader;
}

/** Bytes of JSON that a process keeps: parsed, with the engine's arrays, it is four to five times as much. */
const mostBytes = 16 * 1_048_576;

interface Kept {
  readonly loading: Promise<LoadedBank>;
  /** Known once it is there. */
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
  const reading = read(world, id);
  const entry: Kept = { loading: reading.then(({ loaded }) => loaded), bytes: 0 };
  reading.then(
    ({ bytes }) => {
      entry.bytes = bytes;
      makeRoom(cache);
    },
    () => cache.delete(key),
  );
  return entry;
}

async function read(
  { table, objects }: BankWorld,
  id: { readonly bank_id: string; readonly version_number: number },
): Promise<{ readonly loaded: LoadedBank; readonly bytes: number }> {
  const record = await table.get(bankVersions, id, { consistent: true });
  if (!record) throw notFound('version');
  const { content, bytes } = await readBank(objects, record);
  return { loaded: loadedBank({ ...content, version: id.version_number }), bytes };
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
