import type { Caller } from '#shared/contracts/operation.ts';
import { notFound, unknownReference } from '#shared/errors.ts';
import { type CalibrationRecord, calibrations } from '#shared/table/calibration.ts';
import type { ItemBankRecord } from '#shared/table/item-bank.ts';
import { ownBank, readsContent } from '../bank-access.ts';
import type { TestingWorld } from '../world.ts';

/** A calibration that the caller may read: of an item bank of their organisation. */
export async function readableCalibration(
  { table }: TestingWorld,
  caller: Caller,
  calibration_id: string,
): Promise<CalibrationRecord> {
  const found = await table.get(calibrations, { calibration_id }, { consistent: true });
  if (!found || !readsContent(caller, found.org_id)) throw notFound('calibration');
  return found;
}

/** A calibration of a bank that is the caller's own, or that they administer. */
export async function ownCalibration(
  world: TestingWorld,
  caller: Caller,
  calibration_id: string,
): Promise<CalibrationRecord> {
  const found = await readableCalibration(world, caller, calibration_id);
  await ownBank(world, caller, found.bank_id);
  return found;
}

/** The bank that a request names. */
export const bankToCalibrate = (
  world: TestingWorld,
  caller: Caller,
  bank_id: string,
): Promise<ItemBankRecord> =>
  ownBank(world, caller, bank_id, () => unknownReference('item_bank.unknown', 'There is no such item bank.'));
