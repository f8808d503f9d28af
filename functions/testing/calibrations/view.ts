import type { Calibration } from '#shared/contracts/calibrations.ts';
import { statusOf } from '#shared/domain/jobs/states.ts';
import { type CalibrationJob, jobs } from '#shared/jobs/job.ts';
import type { CalibrationRecord } from '#shared/table/calibration.ts';
import type { TestingWorld } from '../world.ts';

/** A calibration as the API shows it: its record with what its job says. */
export function shown(record: CalibrationRecord, job: CalibrationJob): Calibration {
  const { version: _version, report_attempt: _attempt, ...rest } = record;
  const { progress, started_at, ended_at, attempt, event_seq, error_code, error_detail } = job;
  return {
    ...rest,
    status: statusOf(job),
    progress,
    started_at,
    ended_at,
    attempt,
    last_seq: event_seq,
    error_code,
    error_detail,
  };
}

export async function jobOf(
  { table }: TestingWorld,
  { calibration_id: job_id }: Pick<CalibrationRecord, 'calibration_id'>,
): Promise<CalibrationJob> {
  const job = await table.get(jobs, { job_id }, { consistent: true });
  if (job?.kind !== 'calibration') throw new Error(`the calibration ${job_id} has no job`);
  return job;
}

export interface Viewed {
  readonly record: CalibrationRecord;
  readonly view: Calibration;
}

/** Several records with their views, in their order. */
export async function viewed(
  { table }: TestingWorld,
  records: readonly CalibrationRecord[],
): Promise<Viewed[]> {
  const found = await table.getMany(
    jobs,
    records.map(({ calibration_id: job_id }) => ({ job_id })),
  );
  return records.flatMap((record, k) => {
    const job = found[k];
    return job?.kind === 'calibration' ? [{ record, view: shown(record, job) }] : [];
  });
}
