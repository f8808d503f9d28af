import * as z from 'zod';
import { contract } from './operation.ts';
import { id } from './shapes.ts';
import { readers } from './training-access.ts';
import { evaluation, idList, trainingSession } from './training-shapes.ts';

const point = z.record(z.string(), z.number().nullable());

const spreadAt = z.object({
  step: z.int(),
  mean: z.number(),
  sd: z.number().nullable().meta({ description: 'Sample standard deviation; null of one run' }),
  n: z.int().meta({ description: 'Runs that got there' }),
});
const { step: _step, ...spread } = spreadAt.shape;

const comparison = z
  .object({
    runs: z.array(
      z.object({
        session: trainingSession,
        evaluations: z.array(evaluation).meta({ description: 'The newest 200, by step' }),
        curve: z.array(point).meta({ description: 'Thinned: the last point, lowest and highest rewards' }),
      }),
    ),
    differences: z
      .array(
        z.object({
          field: z.string().meta({ examples: ['hyperparameters.learning_rate'] }),
          values: z
            .array(z.union([z.string(), z.number(), z.boolean(), z.null()]))
            .meta({ description: 'One for each run, in their order; null where it has none' }),
        }),
      )
      .meta({ description: 'Settings that are not the same in all, but seed, name and class' }),
    groups: z
      .array(
        z.object({
          config_hash: z.string(),
          session_ids: z.array(id),
          best: z.object(spread).nullable().meta({ description: 'Of the best evaluations' }),
          final: z.object(spread).nullable().meta({ description: 'Of the last evaluations' }),
          evaluations: z.array(spreadAt),
          rewards: z.array(spreadAt).meta({ description: 'The training reward on a common grid of steps' }),
        }),
      )
      .meta({ description: 'Runs that differ in nothing but seed and name' }),
  })
  .meta({ id: 'TrainingComparison' });
export type TrainingComparison = z.output<typeof comparison>;

export const compareContract = contract({
  compare: {
    method: 'GET',
    path: '/api/training/compare',
    summary: 'Compare trainings: settings, curves, evaluations, and groups over seeds',
    access: readers,
    query: z.strictObject({ ids: idList }),
    status: 200,
    response: comparison,
    errors: [404],
  },
});
