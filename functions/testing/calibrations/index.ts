import type { calibrationOperations } from '#shared/contracts/calibrations.ts';
import type { Handlers } from '#shared/http/serve.ts';
import type { BanksWorld } from '../world.ts';
import { cancelCalibration, redriveCalibration } from './control.ts';
import { createCalibration } from './create.ts';
import { publishCalibration } from './publish.ts';
import { getCalibration, getCalibrationReport, listCalibrations } from './read.ts';

export const calibrationHandlers = (world: BanksWorld): Handlers<typeof calibrationOperations> => ({
  createCalibration: ({ caller, body, idempotency_key }) =>
    createCalibration(world, caller, body, idempotency_key),
  listCalibrations: ({ caller, query }) => listCalibrations(world, caller, query),
  getCalibration: ({ caller, params }) => getCalibration(world, caller, params.calibration_id),
  getCalibrationReport: ({ caller, params }) => getCalibrationReport(world, caller, params.calibration_id),
  publishCalibration: ({ caller, params, body }) =>
    publishCalibration(world, caller, params.calibration_id, body),
  cancelCalibration: ({ caller, params }) => cancelCalibration(world, caller, params.calibration_id),
  redriveCalibration: ({ caller, params }) => redriveCalibration(world, caller, params.calibration_id),
});
