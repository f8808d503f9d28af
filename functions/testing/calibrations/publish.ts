import { loadBank } from '#shared/banks/load.ts';
import { publishBank } from '#shared/banks/publish.ts';
import type {
  Calibration,
  CalibrationItem,
  CalibrationPublication,
  CalibrationReport,
} from '#shared/contracts/calibrations.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import { conflict, unknownReference } from '#shared/errors.ts';
import { type CalibrationRecord, calibrations } from '#shared/table/calibration.ts';
import { retried } from '#shared/table/retry.ts';
import type { BanksWorld, TestingWorld } from '../world.ts';
import { ownCalibration } from './access.ts';
import { giveParameters } from './give-parameters.ts';
import { parametersToPublish, refuseOnOtherScale } from './publishable.ts';
import { reportOf } from './read.ts';
import { jobOf, shown } from './view.ts';

interface Request {
  readonly item_ids?: readonly string[] | undefined;
  readonly note?: string | undefined;
  readonly override_reason?: string | undefined;
}

/**
 * Gives items their calibrated parameters and publishes the bank. What is to be done is written down first, each
 * step can be repeated without doing it twice, and the outcome is written down last: whoever asks again goes on where
 * a request was cut off, and gets what the first would have got.
 */
export async function publishCalibration(
  world: BanksWorld,
  caller: Caller,
  calibration_id: string,
  request: Request,
): Promise<Calibration> {
  await ownCalibration(world, caller, calibration_id);
  const begun = await begin(world, caller, calibration_id, request);
  const { record, publication, report } = begun;
  if (publication.status === 'published') return shown(record, await jobOf(world, record));
  const chosen = itemsOf(report, publication.items);
  const { published } = await loadBank(world, record.bank_id, record.bank_version);
  const skipped = await giveParameters(world, { published, chosen, publication });
  const version = await publishBank(world, record.bank_id, {
    by: publication.published_by,
    note: publication.note ?? '',
    source: 'calibration',
  });
  return finish(world, calibration_id, { skipped, bank_version: version.version_number });
}

interface Begun {
  readonly record: CalibrationRecord;
  readonly publication: CalibrationPublication;
  readonly report: CalibrationReport;
}

/** Writes down what is to be published, unless it was before. @throws 409 for another request than the first */
async function begin(
  world: TestingWorld,
  caller: Caller,
  calibration_id: string,
  request: Request,
): Promise<Begun> {
  return retried(async () => {
    const record = await recordOf(world, calibration_id);
    const report = await reportOf(world, record);
    const wanted = wantedOf(report, request);
    if (record.publication !== null) {
      refuseAnother(record.publication, wanted);
      return { record, report, publication: record.publication };
    }
    const chosen = itemsOf(report, wanted.items);
    if (wanted.override_reason === null) {
      refuseFailed(chosen);
      await refuseOnOtherScale(world, report, wanted.items);
    }
    for (const item of chosen) parametersToPublish(item);
    const publication: CalibrationPublication = {
      ...wanted,
      status: 'publishing',
      skipped: [],
      bank_version: null,
      published_by: caller.user_id,
      started_at: world.now().toISOString(),
      published_at: null,
    };
    const next = { ...record, publication };
    await world.table.write(world.table.replace(calibrations, record, next));
    return { record: { ...next, version: record.version + 1 }, report, publication };
  });
}

async function recordOf({ table }: TestingWorld, calibration_id: string): Promise<CalibrationRecord> {
  const record = await table.get(calibrations, { calibration_id }, { consistent: true });
  if (!record) throw new Error(`the calibration ${calibration_id} is gone`);
  return record;
}

function wantedOf(report: CalibrationReport, { item_ids, note, override_reason }: Request) {
  const passed = report.items.filter((item) => item.passed).map(({ item_id }) => item_id);
  const items = item_ids === undefined ? passed : [...new Set(item_ids)].sort();
  if (items.length === 0)
    throw conflict(
      'calibration.nothing_passed',
      'No item passed every gate. Name items and give an override_reason, or gather more answers.',
    );
  return { items: items.sort(), note: note ?? null, override_reason: override_reason ?? null };
}

function refuseAnother(
  { items, note, override_reason }: CalibrationPublication,
  wanted: ReturnType<typeof wantedOf>,
): void {
  const same =
    items.join() === wanted.items.join() &&
    note === wanted.note &&
    override_reason === wanted.override_reason;
  if (!same)
    throw conflict(
      'calibration.published',
      'Something else of this calibration was published already; make another calibration.',
    );
}

/** @throws 400 for an item that was not calibrated */
function itemsOf({ items }: CalibrationReport, wanted: readonly string[]): CalibrationItem[] {
  const byId = new Map(items.map((item) => [item.item_id, item]));
  return wanted.map((item_id) => {
    const item = byId.get(item_id);
    if (!item) throw unknownReference('item.unknown', `This calibration has no parameters of ${item_id}.`);
    return item;
  });
}

function refuseFailed(chosen: readonly CalibrationItem[]): void {
  const failed = chosen.filter(({ passed }) => !passed);
  const [first] = failed;
  if (!first) return;
  const gates = first.gates.filter(({ passed }) => !passed).map(({ gate }) => gate);
  throw conflict(
    'calibration.gates',
    `${failed.length} of these items failed a gate, the first (${first.item_id}): ${gates.join(', ')}. Leave them out, or give an override_reason.`,
  );
}

/** The first to come here writes down the outcome; it is that of everybody. */
async function finish(
  world: TestingWorld,
  calibration_id: string,
  { skipped, bank_version }: Pick<CalibrationPublication, 'skipped' | 'bank_version'>,
): Promise<Calibration> {
  const { table, now } = world;
  const record = await retried(async () => {
    const seen = await recordOf(world, calibration_id);
    if (seen.publication?.status !== 'publishing') return seen;
    const publication: CalibrationPublication = {
      ...seen.publication,
      status: 'published',
      skipped,
      bank_version,
      published_at: now().toISOString(),
    };
    const next = { ...seen, publication };
    await table.write(table.replace(calibrations, seen, next));
    return { ...next, version: seen.version + 1 };
  });
  return shown(record, await jobOf(world, record));
}
