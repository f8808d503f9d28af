import * as z from 'zod';
import { calibrationConfig, calibrationPublication, calibrationSummary } from '../contracts/calibrations.ts';
import { entity } from './entity.ts';

/**
 * A calibration: what was asked for, and what came of it; the report itself is an object of the artifacts bucket.
 * Its job has the same id.
 *
 * Access patterns:
 * - by id: `calibration#<id>` / `calibration`
 * - of a bank, by age: gsi1 `bank#<bank>#calibrations`
 * - of an organisation, by age: gsi2 `org#<org>#calibrations`
 */
export const calibrations = entity({
  type: 'calibration',
  schema: z.object({
    calibration_id: z.string(),
    org_id: z.string(),
    bank_id: z.string(),
    bank_version: z.int(),
    config: calibrationConfig,
    summary: calibrationSummary.nullable(),
    /** Whose attempt of the job wrote the report that counts. */
    report_attempt: z.int().nullable(),
    publication: calibrationPublication.nullable(),
    created_by: z.string(),
    created_by_name: z.string(),
    created_at: z.string(),
    version: z.int(),
  }),
  key: ({ calibration_id }: { calibration_id: string }) => ({
    pk: `calibration#${calibration_id}`,
    sk: 'calibration',
  }),
  indexes: {
    gsi1: (item) => ({
      pk: `bank#${item.bank_id}#calibrations`,
      sk: `${item.created_at}#${item.calibration_id}`,
    }),
    gsi2: (item) => ({
      pk: `org#${item.org_id}#calibrations`,
      sk: `${item.created_at}#${item.calibration_id}`,
    }),
  },
});
export type CalibrationRecord = z.output<typeof calibrations.schema>;
