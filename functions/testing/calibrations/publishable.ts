import { eachItem } from '#shared/banks/items.ts';
import type { CalibrationItem, CalibrationReport } from '#shared/contracts/calibrations.ts';
import { parameters as itemParameters } from '#shared/contracts/item-shapes.ts';
import { conflict } from '#shared/errors.ts';
import type { ItemRecord } from '#shared/table/item.ts';
import type { TestingWorld } from '../world.ts';

/**
 * Parameters as an item keeps them.
 * @throws 409 for what no item can have, as a negative slope, whatever reason is given
 */
export function parametersToPublish({
  item_id,
  after,
  se,
}: CalibrationItem): NonNullable<ItemRecord['parameters']> {
  const known = se && {
    ...(se.a !== null && { a: se.a }),
    ...(se.b !== null && { b: se.b }),
    ...(se.c !== null && 'c' in after && { c: se.c }),
  };
  const parsed = itemParameters.safeParse({ ...after, se: known, source: 'calibrated' });
  if (!parsed.success)
    throw conflict(
      'calibration.unusable',
      `The parameters that were found for ${item_id} are none that an item can have. Leave it out.`,
    );
  return parsed.data;
}

/**
 * A free calibration without a link has a scale of its own: published, it must replace every parameter of the bank.
 * @throws 409 where live items would keep parameters of another scale
 */
export async function refuseOnOtherScale(
  { table }: TestingWorld,
  { bank_id, config, link }: CalibrationReport,
  chosen: readonly string[],
): Promise<void> {
  if (config.mode === 'fixed' || link !== null) return;
  const replaced = new Set(chosen);
  let left = 0;
  for await (const { item_id, status, parameters } of eachItem(table, bank_id))
    if (status === 'live' && parameters !== null && !replaced.has(item_id)) left++;
  if (left > 0)
    throw conflict(
      'calibration.other_scale',
      `This calibration has a scale of its own, and ${left} live items would keep parameters of the old one. Calibrate with a link, or give an override_reason.`,
    );
}
