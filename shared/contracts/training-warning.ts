import * as z from 'zod';

/** Something that goes wrong in a training, by its metrics, and what to try. */
export const trainingWarning = z
  .object({
    step: z.int().meta({ description: 'At which it was noticed' }),
    code: z.enum(['entropy_collapse', 'value_function_dead', 'kl_blowup', 'value_divergence']),
    since_step: z.int(),
    metric: z.string(),
    value: z.number().nullable(),
    meaning: z.string(),
    remedies: z
      .array(z.object({ hyperparameter: z.string(), change: z.enum(['raise', 'lower', 'turn_on']) }))
      .meta({ description: 'What to try, the likeliest first' }),
  })
  .meta({ id: 'TrainingWarning' });
export type TrainingWarning = z.output<typeof trainingWarning>;
