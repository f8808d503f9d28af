import { packed, unpacked } from '#functions/tasks/trainer/artifacts.ts';
import { createTraining, type TrainingRequest } from '#shared/domain/rl/index.ts';
import { type Figure, median } from './measure.ts';

interface Row {
  readonly name: string;
  readonly config: TrainingRequest;
}

const rows: readonly Row[] = [
  { name: 'PPO CartPole', config: { algorithm: 'ppo', environment: 'CartPole-v1', max_steps: 20_000 } },
  {
    name: 'DQN CartPole, 100,000 transitions',
    config: { algorithm: 'dqn', environment: 'CartPole-v1', max_steps: 100_000 },
  },
  {
    name: 'SAC Pendulum 256², 20,000 transitions',
    // the buffer is filled without updates, which change nothing in the size
    config: {
      algorithm: 'sac',
      environment: 'Pendulum-v1',
      max_steps: 20_000,
      hyperparameters: { learning_starts: 19_900 },
    },
  },
];

const rounds = 9;

/**
 * A checkpoint as the trainer keeps it: its size; how long the learner stands still for it; how long packing takes
 * beside the learner; how long it takes to go on from one.
 */
export async function benchmark(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { name, config } of rows) figures.push(...(await checkpointOf(name, config)));
  return figures;
}

async function checkpointOf(name: string, request: TrainingRequest): Promise<Figure[]> {
  const config = { ...request, engine: 'fast' };
  const training = createTraining({ config, seed: 1, now: () => performance.now() });
  while (!training.done) training.advance();
  const times = { taken: [] as number[], packed: [] as number[], restored: [] as number[] };
  let size = 0;
  for (let round = 0; round < rounds; round++) {
    const snapshot = timed(times.taken, () => training.snapshot());
    const startedAt = performance.now();
    const object = await packed(snapshot);
    times.packed.push(performance.now() - startedAt);
    size = object.length;
    const opened = await unpacked(object);
    timed(times.restored, () => training.restore(opened));
  }
  return [
    { name: `${name}: checkpoint`, value: Math.round(size / 1024), unit: 'KiB' },
    { name: `${name}: the learner waits`, value: median(times.taken), unit: 'ms' },
    { name: `${name}: packing beside it`, value: median(times.packed), unit: 'ms' },
    { name: `${name}: restoring`, value: median(times.restored), unit: 'ms' },
  ];
}

function timed<T>(into: number[], work: () => T): T {
  const startedAt = performance.now();
  const result = work();
  into.push(performance.now() - startedAt);
  return result;
}
