import type { Calibration } from '#shared/contracts/calibrations.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import { conflict } from '#shared/errors.ts';
import { cancel, redrive } from '#shared/jobs/lifecycle.ts';
import type { TestingWorld } from '../world.ts';
import { ownCalibration } from './access.ts';
import { jobOf, shown } from './view.ts';

/** One that is cancelled already stays so; one that ended otherwise cannot be. */
export async function cancelCalibration(
  world: TestingWorld,
  caller: Caller,
  calibration_id: string,
): Promise<Calibration> {
  const record = await ownCalibration(world, caller, calibration_id);
  const job = await cancel(world, calibration_id);
  if (job?.kind !== 'calibration' || job.state !== 'cancelled')
    throw conflict('calibration.ended', 'This calibration has already ended.');
  return shown(record, job);
}

export async function redriveCalibration(
  world: TestingWorld,
  caller: Caller,
  calibration_id: string,
): Promise<Calibration> {
  const record = await ownCalibration(world, caller, calibration_id);
  const job = await redrive(world, await jobOf(world, record));
  if (!job) throw conflict('calibration.not_failed', 'Only a failed calibration can be run once more.');
  return shown(record, job);
}
