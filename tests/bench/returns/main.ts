/**
 * `npm run bench:returns`: trains each algorithm on each environment with seeds 0 to 4 on the fast engine and writes
 * what the policies reach to shared/domain/rl/returns.md. With words behind it (`npm run bench:returns -- dqn taxi`)
 * only the rows whose name has one of them are trained, and nothing is written.
 */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { resolveTrainingConfig } from '#shared/domain/rl/index.ts';
import { median } from '../measure.ts';
import { nameOf, type Row, rows } from './rows.ts';
import type { Order, Outcome } from './train.ts';

const seeds = [0, 1, 2, 3, 4];
const words = process.argv.slice(2).map((word) => word.toLowerCase());
const isAsked = (row: Row): boolean =>
  words.length === 0 || words.some((word) => nameOf(row).toLowerCase().includes(word));

const orders: Order[] = rows.flatMap((row, at) =>
  isAsked(row) ? seeds.map((seed) => ({ row: at, seed })) : [],
);
const outcomes: Outcome[] = [];
const total = orders.length;
await Promise.all(Array.from({ length: Math.min(availableParallelism(), total) }, work));
const table = tableOf(outcomes);
console.log(`\n${table}`);
if (words.length === 0) {
  const file = join(import.meta.dirname, '../../../shared/domain/rl/returns.md');
  await writeFile(file, `${preface()}\n\n${table}\n`);
}

/** A thread that trains until nothing is left. */
async function work(): Promise<void> {
  const worker = new Worker(new URL('train.ts', import.meta.url));
  for (let order = orders.shift(); order !== undefined; order = orders.shift()) {
    worker.postMessage(order);
    const [outcome]: Outcome[] = await once(worker, 'message');
    if (outcome === undefined) throw new Error('a worker answered nothing');
    outcomes.push(outcome);
    const row = rows[outcome.row];
    if (row)
      console.log(
        `${outcomes.length} of ${total}: ${nameOf(row)}, seed ${outcome.seed}: ${shown(outcome.kept)}, at the end ${shown(outcome.last)}`,
      );
  }
  await worker.terminate();
}

function tableOf(all: readonly Outcome[]): string {
  const lines = rows.flatMap((row, at) => {
    const own = all.filter((outcome) => outcome.row === at).sort((a, b) => a.seed - b.seed);
    return own.length === 0 ? [] : [lineOf(row, own)];
  });
  return [
    `| algorithm | environment | hyperparameters | steps | ${seeds.map((seed) => `seed ${seed}`).join(' | ')} | mean | aim | | best evaluations | at the end | CPU s |`,
    `|---|---|---|--:|${seeds.map(() => '--:|').join('')}--:|--:|---|---|---|--:|`,
    ...lines,
  ].join('\n');
}

function lineOf(row: Row, own: readonly Outcome[]): string {
  const { config, aim, everySeed = false } = row;
  const means = own.map(({ kept }) => kept);
  const mean = means.reduce((sum, x) => sum + x, 0) / means.length;
  const reached = aim !== null && (everySeed ? own.every(({ best }) => best >= aim) : mean >= aim);
  const promise = aim === null ? '' : everySeed ? `${aim} in each best evaluation` : `${aim}`;
  const steps = resolveTrainingConfig({ ...config, engine: 'fast' }).max_steps;
  const cells = [
    config.algorithm.toUpperCase(),
    config.environment,
    config.preset ?? 'defaults',
    steps.toLocaleString('en'),
    ...means.map(shown),
    `**${shown(mean)}**`,
    promise,
    aim === null ? '' : reached ? 'reached' : 'missed',
    own.map(({ best }) => shown(best)).join(', '),
    own.map(({ last }) => shown(last)).join(', '),
    median(own.map(({ seconds }) => seconds)).toFixed(0),
  ];
  return `| ${cells.join(' | ')} |`;
}

function shown(value: number): string {
  return Math.abs(value) < 10 ? value.toFixed(3) : value.toFixed(1);
}

function preface(): string {
  return [
    '# What the policies reach',
    '',
    'Mean return over 100 episodes of the policy that a training keeps: that of the best of its 50 evaluations (20',
    'deterministic episodes each), played again from seeds that it has not seen, as on a leaderboard. Beside it, seed by',
    'seed, the best evaluation and the last. Fast engine, whose weights depend on the seed alone: every machine makes the',
    'same table. `zoo`: RL Baselines3 Zoo’s hyperparameters and steps; `tuned`: our own, for the environments that it',
    'has none for. CPU seconds: median of a seed’s training and evaluations on one core. Made by',
    '`npm run bench:returns`.',
    '',
    'Zoo’s DQN on CartPole does not stay where it was: what it can at the end is luck. Stable-Baselines3 2.9.2 with the',
    'same hyperparameters and seeds ends at 500, 500, 500, 500, 100.',
  ].join('\n');
}
