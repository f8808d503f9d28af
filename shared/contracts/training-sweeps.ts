import * as z from 'zod';
import { contract } from './operation.ts';
import { decimal, id, instant, page, paging, text } from './shapes.ts';
import { readers, runners, stewards } from './training-access.ts';
import { algorithm, trainingConfig } from './training-config.ts';
import { trainingStatus } from './training-shapes.ts';

/** What one transaction makes, job, event and the class's reference each. */
export const mostRuns = 30;

const name = z.string().regex(/^[a-z_]{1,40}$/, 'the name of a hyperparameter');
const value = z.union([decimal(), z.boolean(), z.string().max(40), z.array(z.int()).max(8)]);
const values = z.array(value).min(1).max(mostRuns);

const range = z
  .strictObject({
    min: decimal(),
    max: decimal(),
    scale: z.enum(['linear', 'log']).default('linear'),
    integer: z.boolean().default(false),
  })
  .refine(({ min, max }) => min < max, { message: 'max must be above min', path: ['max'] })
  .refine(({ min, scale }) => scale === 'linear' || min > 0, {
    message: 'must be above 0 on a log scale',
    path: ['min'],
  });

const someNames = (space: object): boolean =>
  Object.keys(space).length >= 1 && Object.keys(space).length <= 8;

const search = z.discriminatedUnion('method', [
  z.strictObject({
    method: z.literal('grid'),
    space: z.record(name, values).refine(someNames, '1 to 8 hyperparameters'),
  }),
  z.strictObject({
    method: z.literal('random'),
    trials: z.int().min(1).max(mostRuns),
    seed: z.int().min(0).max(4_294_967_295).default(0),
    space: z
      .record(name, z.union([z.strictObject({ values }), range]))
      .refine(someNames, '1 to 8 hyperparameters'),
  }),
]);
export type Search = z.output<typeof search>;

export const sweepBody = z.strictObject({
  name: text(80).optional(),
  config: trainingConfig.meta({ description: 'What all trials have in common; its seed is the first one’s' }),
  search: search.meta({ description: 'A grid runs every combination; a random search draws so many' }),
  seeds: z
    .int()
    .min(1)
    .max(10)
    .default(1)
    .meta({ description: 'Runs of each trial, on seeds one after the other' }),
  max_total_steps: z.int().min(1).max(1e9).optional().meta({
    description: 'Budget: a random search draws fewer trials to stay within it, a larger grid is refused',
  }),
});
export type SweepBody = z.output<typeof sweepBody>;

const spread = z.object({ mean: z.number(), sd: z.number().nullable(), n: z.int() });

const sweepState = z
  .object({
    sweep_id: id,
    name: z.string().nullable(),
    environment: z.string().nullable().meta({ description: 'Of all its runs; null when they are gone' }),
    algorithm: algorithm.nullable(),
    status: z.enum(['running', 'completed', 'cancelled']),
    progress: z.object({
      ended: z.int(),
      failed: z.int(),
      total: z.int(),
      step: z.int(),
      max_steps: z.int(),
    }),
    method: z.enum(['grid', 'random']),
    owner_id: id,
    created_at: instant,
  })
  .meta({ id: 'SweepState' });
export type SweepState = z.output<typeof sweepState>;

const run = z.object({
  session_id: id,
  seed: z.int(),
  status: trainingStatus,
  step: z.int(),
  best_mean_reward: z.number().nullable(),
  final_mean_reward: z.number().nullable(),
  last_seq: z.int().meta({ description: 'Number of the newest event on `job:<session_id>`' }),
});
export type SweepRun = z.output<typeof run>;

const trial = z.object({
  hyperparameters: z.record(z.string(), z.unknown()),
  config_hash: z.string(),
  session_ids: z.array(id),
  runs: z.array(run).meta({ description: 'How its trainings stand, one for each seed' }),
  reward: spread.nullable().meta({ description: 'Best evaluations of its runs so far' }),
});
export type SweepTrial = z.output<typeof trial>;

const sweep = z
  .object({
    ...sweepState.shape,
    trials: z.array(trial),
    best_trial: z.int().nullable().meta({ description: 'Index of the trial with the highest mean' }),
  })
  .meta({ id: 'Sweep' });
export type Sweep = z.output<typeof sweep>;

const one = { params: z.object({ sweep_id: id }) };

export const sweepContract = contract({
  startSweep: {
    method: 'POST',
    path: '/api/training/sweeps',
    summary: 'Search hyperparameters: a grid, or at random, within a budget',
    description: `At most ${mostRuns} runs, which are ordinary trainings and run within their owner’s limit.`,
    access: runners,
    body: sweepBody,
    status: 202,
    response: sweep,
    errors: [400, 409, 429],
  },
  listSweeps: {
    method: 'GET',
    path: '/api/training/sweeps',
    summary: 'List one’s own sweeps, newest first',
    access: runners,
    query: z.strictObject({ ...paging }),
    status: 200,
    response: page(sweepState),
  },
  getSweep: {
    method: 'GET',
    path: '/api/training/sweeps/{sweep_id}',
    summary: 'Read a sweep: its trials, its progress, the best',
    access: readers,
    ...one,
    status: 200,
    response: sweep,
    errors: [404],
  },
  cancelSweep: {
    method: 'POST',
    path: '/api/training/sweeps/{sweep_id}/cancel',
    summary: 'Cancel a sweep with all of its trainings that have not ended',
    description: 'Cancelling a cancelled one is a success; one that has completed is 409.',
    access: stewards,
    ...one,
    status: 200,
    response: sweep,
    errors: [404, 409],
  },
});
