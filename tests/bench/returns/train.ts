import { parentPort } from 'node:worker_threads';
import { createTraining } from '#shared/domain/rl/index.ts';
import { type Row, rows } from './rows.ts';

/** A training of one row, as the main thread asks for it. */
export interface Order {
  readonly row: number;
  readonly seed: number;
}

export interface Outcome extends Order {
  /** Of the deterministic policy at the end. */
  readonly mean: number;
  /** Processor time of training and evaluation. */
  readonly seconds: number;
}

parentPort?.on('message', ({ row, seed }: Order) => {
  const asked = rows[row];
  if (asked === undefined) throw new RangeError(`there is no row ${row}`);
  const startedAt = process.threadCpuUsage();
  const mean = trained(asked, seed);
  const { user, system } = process.threadCpuUsage(startedAt);
  const outcome: Outcome = { row, seed, mean, seconds: (user + system) / 1e6 };
  parentPort?.postMessage(outcome);
});

function trained({ config, episodes }: Row, seed: number): number {
  const training = createTraining({
    config: { ...config, engine: 'fast' },
    seed,
    now: () => performance.now(),
  });
  while (!training.done) training.advance();
  return training.evaluate(episodes)?.mean_reward ?? Number.NaN;
}
