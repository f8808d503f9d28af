import * as z from 'zod';
import { entity } from './entity.ts';

/**
 * A search over hyperparameters; its runs are trainings, whose state is the sweep's.
 *
 * Access patterns:
 * - by id: `sweep#<id>` / `sweep`
 * - of an owner, by age: gsi1 `user#<owner>#sweeps`
 */
export const sweeps = entity({
  type: 'sweep',
  schema: z.object({
    sweep_id: z.string(),
    name: z.string().nullable(),
    method: z.enum(['grid', 'random']),
    owner_id: z.string(),
    org_id: z.string(),
    class_id: z.string().nullable(),
    trials: z.array(
      z.object({
        hyperparameters: z.record(z.string(), z.unknown()),
        config_hash: z.string(),
        session_ids: z.array(z.string()),
      }),
    ),
    created_at: z.string(),
    cancelled_at: z.string().nullable(),
    version: z.int(),
  }),
  key: ({ sweep_id }: { sweep_id: string }) => ({ pk: `sweep#${sweep_id}`, sk: 'sweep' }),
  indexes: {
    gsi1: ({ owner_id, created_at, sweep_id }) => ({
      pk: `user#${owner_id}#sweeps`,
      sk: `${created_at}#${sweep_id}`,
    }),
  },
});
export type SweepRecord = z.output<typeof sweeps.schema>;
