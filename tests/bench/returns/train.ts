import { parentPort } from 'node:worker_threads';
import { createTraining, resolveTrainingConfig } from '#shared/domain/rl/index.ts';
import { evaluateOn } from '#shared/domain/rl/policy/index.ts';
import { trainedPolicy } from '#shared/jobs/trained-policy.ts';
import { type Row, rows } from './rows.ts';

/** A training of one row, as the main thread asks for it. */
export interface Order {
  readonly row: number;
  readonly seed: number;
}

export interface Outcome extends Order {
  /** Mean return of the policy that is kept, that of the best evaluation, over 100 episodes that it has not seen. */
  readonly kept: number;
  /** Of its best evaluation, over 20 episodes. */
  readonly best: number;
  /** Of the policy at the end, over 20 episodes. */
  readonly last: number;
  /** Processor time of it all. */
  readonly seconds: number;
}

/** As on a leaderboard, whose seeds nobody knows; these only have to be others than the trainings'. */
const unseen = Array.from({ length: 100 }, (_, i) => 1_000_000_007 + i);
const evaluations = 50;

parentPort?.on('message', ({ row, seed }: Order) => {
  const asked = rows[row];
  if (asked === undefined) throw new RangeError(`there is no row ${row}`);
  const startedAt = process.threadCpuUsage();
  const means = trained(asked, seed);
  const { user, system } = process.threadCpuUsage(startedAt);
  const outcome: Outcome = { row, seed, ...means, seconds: (user + system) / 1e6 };
  parentPort?.postMessage(outcome);
});

function trained({ config: request }: Row, seed: number): Pick<Outcome, 'kept' | 'best' | 'last'> {
  const whole = resolveTrainingConfig({ ...request, engine: 'fast' });
  const config = { ...whole, eval_frequency: Math.ceil(whole.max_steps / evaluations) };
  const training = createTraining({ config, seed, now: () => performance.now() });
  let weights = training.weights();
  let best = Number.NaN;
  let last = Number.NaN;
  while (!training.done) {
    training.advance();
    const evaluation = training.evaluationDue ? training.evaluate() : null;
    if (evaluation === null) continue;
    last = evaluation.mean_reward;
    if (!evaluation.best) continue;
    best = last;
    weights = training.weights();
  }
  return { kept: evaluateOn(trainedPolicy({ config }, weights), unseen).mean_reward, best, last };
}
