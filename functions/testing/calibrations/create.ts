import { loadBank } from '#shared/banks/load.ts';
import type { Calibration, CalibrationConfig, CalibrationRequest } from '#shared/contracts/calibrations.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import type { LoadedBank } from '#shared/domain/items/loaded.ts';
import { conflict, DomainError, invalid, tooMany, unauthorized, unknownReference } from '#shared/errors.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { newCalibration } from '#shared/jobs/job.ts';
import { type CalibrationRecord, calibrations } from '#shared/table/calibration.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import type { ItemBankRecord } from '#shared/table/item-bank.ts';
import { users } from '#shared/table/user.ts';
import type { TestingWorld } from '../world.ts';
import { bankToCalibrate } from './access.ts';
import { jobOf, shown, viewed } from './view.ts';

/** Calibrations of one bank that wait or run at the same time. */
const mostAtOnce = 3;

/** Queues a calibration: its record, its job and the first event, in one transaction. */
export function createCalibration(
  world: TestingWorld,
  caller: Caller,
  body: CalibrationRequest,
  key: string | undefined,
): Promise<Calibration> {
  const { table, now, newId } = world;
  return idempotently(
    table,
    { caller, operation: 'calibration.create', key, body, now: now() },
    async (done) => {
      const bank = await bankToCalibrate(world, caller, body.bank_id);
      const version = await versionToCalibrate(world, bank, body.bank_version);
      const at = now();
      const config = configOf(body, at);
      refuseUnknownItems(version, config);
      await refuseTooMany(world, bank);
      const owner = await table.get(users, caller);
      if (!owner) throw unauthorized('auth.ended', 'This account no longer exists.');
      const record: CalibrationRecord = {
        calibration_id: newId(),
        org_id: bank.org_id,
        bank_id: bank.bank_id,
        bank_version: version.published.version,
        config,
        summary: null,
        report_attempt: null,
        publication: null,
        created_by: caller.user_id,
        created_by_name: owner.name,
        created_at: at.toISOString(),
        version: 1,
      };
      const job = jobFor(record, at);
      await table.write(
        ...newJobWrites(world, job),
        table.insert(calibrations, record),
        ...done(record.calibration_id),
      );
      return shown(record, job);
    },
    async (calibration_id) => {
      const record = await table.get(calibrations, { calibration_id }, { consistent: true });
      if (!record) throw new Error(`calibration ${calibration_id} was recorded but is not there`);
      return shown(record, await jobOf(world, record));
    },
  );
}

const jobFor = (
  { calibration_id, org_id, bank_id, created_by, created_by_name }: CalibrationRecord,
  now: Date,
) =>
  newCalibration(
    {
      job_id: calibration_id,
      owner_id: created_by,
      owner_name: created_by_name,
      org_id,
      class_id: null,
      bank_id,
    },
    now,
  );

function configOf(body: CalibrationRequest, now: Date): CalibrationConfig {
  const { model, mode, items, from, to, dif, link, gates } = body;
  if (mode === 'fixed' && link !== null)
    throw invalid(
      ['body', 'link'],
      'the live items carry the scale in a fixed calibration; a link is for a free one',
    );
  const until = to ?? now.toISOString();
  if (from !== undefined && from >= until) throw invalid(['body', 'to'], 'must be later than `from`');
  return {
    model,
    mode,
    items: items === undefined ? null : [...new Set(items)],
    from: from ?? null,
    to: until,
    dif,
    link,
    gates,
  };
}

async function versionToCalibrate(
  world: TestingWorld,
  { bank_id, published_version }: ItemBankRecord,
  wanted: number | undefined,
): Promise<LoadedBank> {
  const version = wanted ?? published_version;
  if (version === 0)
    throw conflict('item_bank.not_published', 'This bank has no published version; publish it first.');
  try {
    return await loadBank(world, bank_id, version);
  } catch (error) {
    if (!(error instanceof DomainError && error.kind === 'not_found')) throw error;
    throw unknownReference('version.unknown', `This bank has no version ${version}.`);
  }
}

function refuseUnknownItems({ positions, published }: LoadedBank, { items, link }: CalibrationConfig): void {
  const named = [...(items ?? []), ...(link === null || link.anchor === 'all' ? [] : link.anchor)];
  const unknown = named.find((item_id) => !positions.has(item_id));
  if (unknown !== undefined)
    throw unknownReference('item.unknown', `Version ${published.version} has no item ${unknown}.`);
}

/** A race may let one more in, which costs a machine for some minutes and nothing else. */
async function refuseTooMany(world: TestingWorld, { bank_id }: ItemBankRecord): Promise<void> {
  const recent = await world.table.query(calibrations, {
    index: 'gsi1',
    pk: `bank#${bank_id}#calibrations`,
    backwards: true,
    limit: 25,
  });
  const known = await viewed(world, recent.items);
  const active = known.filter(({ view: { status } }) => status === 'pending' || status === 'running');
  if (active.length >= mostAtOnce)
    throw tooMany(
      'calibration.limit',
      `${active.length} calibrations of this bank wait or run, and ${mostAtOnce} is the limit. Cancel one, or wait.`,
      30,
    );
}
