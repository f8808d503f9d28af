import * as z from 'zod';
import { presetNames } from '../domain/rl/algorithms/presets.ts';
import { aliased, decimal, id, text } from './shapes.ts';
import { givenHyperparameters, recordedHyperparameters } from './training-hyperparameters.ts';

/** The algorithms that there are. */
export const algorithms = ['ppo', 'dqn', 'sac'] as const;
export const algorithm = z.enum(algorithms).meta({ id: 'Algorithm' });
export type AlgorithmName = z.output<typeof algorithm>;

/** Which there are and what each may be, the environment itself knows. */
const envKwargs = z.record(
  z.string().max(64),
  z.union([
    z.boolean(),
    decimal(),
    z.string().max(64),
    z.array(decimal()).max(16),
    z.array(z.string().max(64)).max(32),
    z.null(),
  ]),
);

const steps = (description: string) => z.int().min(1).max(10_000_000).optional().meta({ description });

const runFields = {
  environment: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: 'Gymnasium id', examples: ['CartPole-v1'] }),
  env_kwargs: envKwargs.default({}).meta({ description: 'Keyword arguments of the environment' }),
  preset: z.enum(presetNames).optional().meta({
    description:
      'Tuned values instead of the defaults, where nothing else is given: RL Baselines3 Zoo’s, or ours (`tuned`) where it has none',
  }),
  max_steps: steps('Ends at the first boundary at or after this step (total_timesteps). Default 100,000'),
  eval_frequency: steps('Steps between evaluations. Default 10,000'),
  save_frequency: steps('Steps between checkpoints that are kept. Default 50,000'),
  seed: z.int().min(0).max(4_294_967_295).optional().meta({ description: 'Drawn and recorded when absent' }),
  engine: z
    .enum(['reference', 'fast'])
    .optional()
    .meta({ description: 'float32 in WebAssembly SIMD (fast, the default), or plain float64 (reference)' }),
  class_id: id.optional().meta({ description: 'Lets the staff of this class see the training' }),
  name: text(100).optional(),
};

const configOf = <A extends AlgorithmName, H extends z.ZodType>(name: A, hyperparameters: H) =>
  z.strictObject({
    algorithm: z.literal(name),
    hyperparameters,
    ...runFields,
  });

/** As stored and shown: every default filled in, the seed recorded. */
const recordedOf = <A extends AlgorithmName, H extends z.ZodType>(name: A, hyperparameters: H) =>
  z.object({
    algorithm: z.literal(name),
    hyperparameters,
    environment: z.string(),
    env_kwargs: envKwargs,
    max_steps: z.int(),
    eval_frequency: z.int(),
    save_frequency: z.int(),
    seed: z.int(),
    engine: z.enum(['reference', 'fast']),
    class_id: id.optional(),
    name: z.string().optional(),
  });

const given = [
  configOf('ppo', givenHyperparameters.ppo.prefault({})),
  configOf('dqn', givenHyperparameters.dqn.prefault({})),
  configOf('sac', givenHyperparameters.sac.prefault({})),
] as const;
const recorded = [
  recordedOf('ppo', recordedHyperparameters.ppo),
  recordedOf('dqn', recordedHyperparameters.dqn),
  recordedOf('sac', recordedHyperparameters.sac),
] as const;

/** One schema per algorithm, told apart by `algorithm`. */
export const trainingConfig = aliased(
  { total_timesteps: 'max_steps' },
  z.discriminatedUnion('algorithm', given, { error: `algorithm must be ${algorithms.join(', ')}` }),
).meta({ id: 'TrainingConfig' });
export type TrainingConfig = z.output<typeof trainingConfig>;

export const recordedConfig = z
  .discriminatedUnion('algorithm', recorded)
  .meta({ id: 'RecordedTrainingConfig' });
export type RecordedConfig = z.output<typeof recordedConfig>;

/** What a clone may have of its own. */
export const trainingChanges = aliased(
  { total_timesteps: 'max_steps' },
  z.strictObject({
    name: runFields.name,
    seed: runFields.seed,
    max_steps: runFields.max_steps,
    eval_frequency: runFields.eval_frequency,
    save_frequency: runFields.save_frequency,
    class_id: id.nullable().optional().meta({ description: 'null: for nobody’s eyes but one’s own' }),
  }),
)
  .default({})
  .meta({ id: 'TrainingChanges' });
export type TrainingChanges = z.output<typeof trainingChanges>;
