import type { CalibrationItem, CalibrationPublication } from '#shared/contracts/calibrations.ts';
import { changedFields } from '#shared/domain/items/revise.ts';
import type { PublishedBank, PublishedItem } from '#shared/domain/items/types.ts';
import { type ItemRecord, items } from '#shared/table/item.ts';
import { retried } from '#shared/table/retry.ts';
import { changedItem, changeOf } from '../item-write.ts';
import type { TestingWorld } from '../world.ts';
import { parametersToPublish } from './publishable.ts';

type Skipped = CalibrationPublication['skipped'][number];

interface Task {
  /** The version that was calibrated. */
  readonly published: PublishedBank;
  readonly chosen: readonly CalibrationItem[];
  readonly publication: CalibrationPublication;
}

const atOnce = 8;

/** Gives each item its parameters, as a new revision; pilot items become live. What has them already stays. */
export async function giveParameters(
  world: TestingWorld,
  { published, chosen, publication }: Task,
): Promise<Skipped[]> {
  const calibrated = new Map(published.items.map((item) => [item.item_id, item]));
  const skipped: Skipped[] = [];
  const waiting = [...chosen];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { item_id } = next;
      const id = { bank_id: published.bank_id, item_id };
      const problem = await giveOne(world, id, calibrated.get(item_id), next, publication);
      if (problem !== undefined) skipped.push({ item_id, reason: problem });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return skipped.sort((one, other) => (one.item_id < other.item_id ? -1 : 1));
}

function giveOne(
  { table, now }: TestingWorld,
  id: { readonly bank_id: string; readonly item_id: string },
  calibrated: PublishedItem | undefined,
  found: CalibrationItem,
  { published_by: by }: CalibrationPublication,
): Promise<Skipped['reason'] | undefined> {
  const changes = { parameters: parametersToPublish(found), status: 'live' };
  return retried(async () => {
    const head = await table.get(items, id, { consistent: true });
    if (!head || !calibrated) return 'gone';
    const written = changedItem(head, changes);
    // an item that was made another kind may not be able to have them any more
    if (!written.success) return 'changed';
    const change = changeOf(table, head, written.data, { by, at: now().toISOString() });
    if (change === undefined) return undefined;
    if (!isAsCalibrated(head, calibrated)) return 'changed';
    await table.write(...change.writes);
    return undefined;
  });
}

/** Still the item whose answers were calibrated: nobody has edited, measured or withdrawn it since. */
const isAsCalibrated = (head: ItemRecord, calibrated: PublishedItem): boolean =>
  head.status === calibrated.status &&
  changedFields(head, calibrated).every((field) => field === 'explanation');
