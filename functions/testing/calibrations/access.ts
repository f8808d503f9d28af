import type { Caller } from '#shared/contracts/operation.ts';
import { forbidden, notFound, unknownReference } from '#shared/errors.ts';
import { administers } from '#shared/reach.ts';
import { type CalibrationRecord, calibrations } from '#shared/table/calibration.ts';
import { type ItemBankRecord, itemBanks } from '#shared/table/item-bank.ts';
import type { TestingWorld } from '../world.ts';

const reads = (caller: Caller, { org_id }: { readonly org_id: string }): boolean =>
  caller.role === 'platform_admin' || caller.org_id === org_id;

/** A calibration that the caller may read: of an item bank of their organisation. */
export async function readableCalibration(
  { table }: TestingWorld,
  caller: Caller,
  calibration_id: string,
): Promise<CalibrationRecord> {
  const found = await table.get(calibrations, { calibration_id }, { consistent: true });
  if (!found || !reads(caller, found)) throw notFound('calibration');
  return found;
}

/** A calibration of a bank that is the caller's own, or that they administer. */
export async function ownCalibration(
  world: TestingWorld,
  caller: Caller,
  calibration_id: string,
): Promise<CalibrationRecord> {
  const found = await readableCalibration(world, caller, calibration_id);
  const bank = await world.table.get(itemBanks, found, { consistent: true });
  if (!bank) throw notFound('item_bank');
  refuseOthers(caller, bank);
  return found;
}

/** The bank that a request names. */
export async function bankToCalibrate(
  { table }: TestingWorld,
  caller: Caller,
  bank_id: string,
): Promise<ItemBankRecord> {
  const found = await table.get(itemBanks, { bank_id }, { consistent: true });
  if (!found || !reads(caller, found))
    throw unknownReference('item_bank.unknown', 'There is no such item bank.');
  refuseOthers(caller, found);
  return found;
}

function refuseOthers(caller: Caller, { created_by, org_id }: ItemBankRecord): void {
  if (created_by === caller.user_id || administers(caller, org_id)) return;
  throw forbidden('item_bank.not_own', 'Only the bank’s author or an administrator may do this.');
}
