import * as z from 'zod';

const count = z.int().min(0);

const calibrationStages = ['reading', 'estimating', 'judging', 'writing'] as const;
/** A file of its own: every function that knows jobs has it in its bundle. */
export const calibrationProgress = z
  .object({
    stage: z.enum(calibrationStages),
    done: count.meta({ description: 'Of `total` sessions that are read' }),
    total: count,
  })
  .meta({ id: 'CalibrationProgress', description: 'Also the data of `calibration.progress` events' });
export type CalibrationProgress = z.output<typeof calibrationProgress>;
