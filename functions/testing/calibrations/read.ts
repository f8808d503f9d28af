import {
  type Calibration,
  type CalibrationReport,
  calibrationReport,
} from '#shared/contracts/calibrations.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { conflict } from '#shared/errors.ts';
import { paginate } from '#shared/http/paging.ts';
import { calibrationReportKey } from '#shared/jobs/artifacts.ts';
import { type CalibrationRecord, calibrations } from '#shared/table/calibration.ts';
import { startAfter } from '#shared/table/entity.ts';
import { readableBank } from '../bank-access.ts';
import type { TestingWorld } from '../world.ts';
import { readableCalibration } from './access.ts';
import { jobOf, shown, type Viewed, viewed } from './view.ts';

interface Query {
  readonly bank_id?: string | undefined;
  readonly status?: Calibration['status'] | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export async function getCalibration(world: TestingWorld, caller: Caller, calibration_id: string) {
  const record = await readableCalibration(world, caller, calibration_id);
  return shown(record, await jobOf(world, record));
}

/** Newest first, of a bank or of the caller's organisation. */
export async function listCalibrations(
  world: TestingWorld,
  caller: Caller,
  query: Query,
): Promise<Page<Calibration>> {
  const { bank_id, status } = query;
  if (bank_id !== undefined) await readableBank(world, caller, bank_id);
  const listing = { caller, query, filters: { bank_id, status } };
  const [index, pk] =
    bank_id === undefined
      ? (['gsi2', `org#${caller.org_id}#calibrations`] as const)
      : (['gsi1', `bank#${bank_id}#calibrations`] as const);
  const page = await paginate<Viewed>(
    listing,
    async (start, limit) => {
      const found = await world.table.query(calibrations, { index, pk, backwards: true, limit, start });
      return { items: await viewed(world, found.items), next: found.next };
    },
    {
      keep: ({ view }) => status === undefined || view.status === status,
      keyOf: ({ record }) => startAfter(calibrations, record, index),
    },
  );
  return { ...page, items: page.items.map(({ view }) => view) };
}

export async function getCalibrationReport(
  world: TestingWorld,
  caller: Caller,
  calibration_id: string,
): Promise<CalibrationReport> {
  return reportOf(world, await readableCalibration(world, caller, calibration_id));
}

/** @throws 409 before the calibration has succeeded */
export async function reportOf(
  { objects }: TestingWorld,
  { calibration_id, report_attempt }: CalibrationRecord,
): Promise<CalibrationReport> {
  if (report_attempt === null)
    throw conflict('calibration.not_completed', 'There is a report when the calibration has completed.');
  const bytes = await objects.get(calibrationReportKey(calibration_id, report_attempt));
  return calibrationReport.parse(JSON.parse(Buffer.from(bytes).toString()));
}
