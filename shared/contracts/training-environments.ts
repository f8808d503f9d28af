import * as z from 'zod';
import { presetNames } from '../domain/rl/algorithms/presets.ts';
import { algorithm } from './training-config.ts';

/** A space of observations or actions, named as in Gymnasium. */
const discrete = z.object({ type: z.literal('Discrete'), n: z.int() });
const box = z.object({
  type: z.literal('Box'),
  low: z.array(z.number().nullable()).meta({ description: 'null: no bound' }),
  high: z.array(z.number().nullable()),
  shape: z.array(z.int()),
  dtype: z.literal('float32'),
});
const tuple = z.object({
  type: z.literal('Tuple'),
  spaces: z.array(z.discriminatedUnion('type', [discrete, box])),
});
const space = z.discriminatedUnion('type', [discrete, box, tuple]).meta({ id: 'Space' });

const kwarg = z.object({
  name: z.string(),
  type: z.enum(['boolean', 'number', 'choice', 'numbers', 'lines']),
  default: z.union([z.boolean(), z.number(), z.string(), z.array(z.number()), z.null()]),
  description: z.string(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  options: z.array(z.string()).optional(),
});

export const environment = z
  .object({
    id: z.string().meta({ description: 'Gymnasium id', examples: ['CartPole-v1'] }),
    title: z.string(),
    kwargs: z.array(kwarg).meta({ description: 'What `env_kwargs` may have, in the order to ask for it' }),
    observation_space: space.meta({ description: 'Of the default `env_kwargs`, as everything below' }),
    action_space: space,
    observation_size: z.int().meta({ description: 'Inputs of a network: discrete observations are one-hot' }),
    max_episode_steps: z.int().nullable(),
    reward_threshold: z.number().nullable().meta({ description: 'Mean return at which it counts as solved' }),
    render_fps: z.number(),
    algorithms: z.array(algorithm).meta({ description: 'What can learn it here' }),
    suggested_algorithm: algorithm,
    preset: z
      .enum(presetNames)
      .nullable()
      .meta({ description: 'Whose tuned values there are: what to ask for as `preset`' }),
    presets: z
      .partialRecord(algorithm, z.record(z.string(), z.unknown()))
      .meta({ description: 'Tuned values, in Stable-Baselines3’s names' }),
  })
  .meta({ id: 'Environment' });
export type EnvironmentView = z.output<typeof environment>;
