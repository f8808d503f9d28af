import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Engine, Matrix, Network, NetworkPlan, ParameterSet } from '#shared/domain/rl/engine/engine.ts';
import { createEngine } from '#shared/domain/rl/engine/index.ts';
import { Pcg64 } from '#shared/domain/rl/random/pcg64.ts';
import { type Figure, median } from './measure.ts';

/**
 * What one update of each algorithm costs in kernels, without environments and most of the losses: both engines by
 * turns in one process, medians of turns. The microseconds aimed at are those of a Zen 5 of 4 GHz and more; ratios
 * hold elsewhere too. Where LYCEUM_TORCH names a Python with PyTorch, Stable-Baselines3's updates are measured beside.
 */
export async function benchmark(): Promise<Figure[]> {
  return works.flatMap(({ name, make, aim, timesReference, torch }) => {
    const fast = make(createEngine('fast'));
    const reference = make(createEngine('reference'));
    const [a, b] = byTurns(fast, reference);
    const figures: Figure[] = [
      { name: `${name}, fast`, value: a, unit: 'µs', target: aim },
      { name: `${name}, reference / fast`, value: b / a, unit: '×', target: timesReference, atLeast: true },
    ];
    const beside = torch === undefined ? undefined : torchMicroseconds(torch.update);
    if (torch === undefined || beside === undefined) return figures;
    const ratio = { value: beside / a, unit: '×', target: torch.times, atLeast: true };
    return [...figures, { name: `${name}, PyTorch / fast`, ...ratio }];
  });
}

const python = process.env['LYCEUM_TORCH'];

/** One thread, in a process of its own. */
function torchMicroseconds(update: string): number | undefined {
  if (python === undefined) return undefined;
  const script = join(import.meta.dirname, 'rl-kernels.py');
  const env = { ...process.env, OMP_NUM_THREADS: '1', PYTHONWARNINGS: 'ignore' };
  return Number(execFileSync(python, [script, update], { encoding: 'utf8', env }));
}

interface Work {
  readonly name: string;
  readonly make: (engine: Engine) => () => void;
  /** Microseconds. */
  readonly aim: number;
  /** The least that the fast engine should be faster. */
  readonly timesReference: number;
  /** The update in rl-kernels.py, and the least that the fast engine should be faster. */
  readonly torch?: { readonly update: string; readonly times: number };
}

const works: readonly Work[] = [
  {
    name: 'PPO minibatch 64² batch 64',
    make: ppo,
    aim: 110,
    timesReference: 6,
    torch: { update: 'ppo', times: 8 },
  },
  { name: 'forward of one row 64²', make: oneRow, aim: 2, timesReference: 4 },
  {
    name: 'DQN update 64² batch 32',
    make: dqn,
    aim: 42,
    timesReference: 6,
    torch: { update: 'dqn', times: 10 },
  },
  {
    name: 'SAC update 64² batch 256',
    make: (engine) => sac(engine, 64),
    aim: 962,
    timesReference: 6,
    torch: { update: 'sac64', times: 2.5 },
  },
  {
    name: 'SAC update 256² batch 256',
    make: (engine) => sac(engine, 256),
    aim: 8721,
    timesReference: 8,
    torch: { update: 'sac256', times: 1 },
  },
];

const ROUNDS = 15;
/** Milliseconds of one engine's turn. */
const TURN = 60;

/** Medians in microseconds of both, measured in alternate turns. */
function byTurns(first: () => void, second: () => void): [number, number] {
  const both = [first, second].map((work) => ({
    work,
    repetitions: repetitionsOf(work),
    times: [] as number[],
  }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { work, repetitions, times } of both) times.push(timeOf(work, repetitions));
  }
  const [a, b] = both.map(({ times }) => median(times));
  return [a ?? Number.NaN, b ?? Number.NaN];
}

function timeOf(work: () => void, repetitions: number): number {
  const startedAt = performance.now();
  for (let i = 0; i < repetitions; i++) work();
  return ((performance.now() - startedAt) * 1000) / repetitions;
}

/** Warms up, until the optimising compilers are through, and says how often fits a turn. */
function repetitionsOf(work: () => void): number {
  const until = performance.now() + 400;
  let last = 0;
  while (performance.now() < until) last = timeOf(work, 1);
  return Math.max(1, Math.round((TURN * 1000) / Math.max(0.1, Math.min(last, timeOf(work, 3)))));
}

const plan = (
  name: string,
  inputs: number,
  width: number,
  outputs: number,
  activation: 'tanh' | 'relu',
  maxBatch: number,
): NetworkPlan => ({
  inputs,
  hidden: [width, width],
  outputs,
  activation,
  maxBatch,
  names: [`${name}.0`, `${name}.2`, `${name}.4`],
});

/** PyTorch's default: uniform within ±1/√(inputs). */
function initialise({ tensors }: ParameterSet, random: Pcg64): void {
  let bound = 1;
  for (const tensor of tensors) {
    const [rows = 0, columns] = tensor.shape;
    if (columns !== undefined) bound = 1 / Math.sqrt(columns);
    tensor.write(Array.from({ length: rows * (columns ?? 1) }, () => bound * (2 * random.random() - 1)));
  }
}

function filled(engine: Engine, rows: number, columns: number, random: Pcg64): Matrix {
  const matrix = engine.matrix(rows, columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) matrix.data[r * matrix.stride + c] = random.normal();
  }
  return matrix;
}

/** Gradients of a squared error against 0. */
function towardsZero({ output, outputGradient }: Network, batch: number): void {
  const { data: from, stride } = output;
  const { data: to } = outputGradient;
  for (let i = 0; i < batch * stride; i++) to[i] = (from[i] ?? 0) / batch;
}

/** Actor and critic forward and backward, gradients clipped, Adam. */
function ppo(engine: Engine): () => void {
  const random = new Pcg64(1);
  const parameters = engine.parameters({
    networks: [plan('actor', 4, 64, 2, 'tanh', 64), plan('critic', 4, 64, 1, 'tanh', 64)],
  });
  initialise(parameters, random);
  const adam = engine.adam(parameters, 1e-5);
  const input = filled(engine, 64, 4, random);
  const networks = [parameters.network(0), parameters.network(1)];
  return () => {
    for (const network of networks) network.forward(input, 64);
    for (const network of networks) towardsZero(network, 64);
    for (const network of networks) network.backward(input, 64, 'parameters');
    adam.step(3e-4, 0.5);
  };
}

function oneRow(engine: Engine): () => void {
  const random = new Pcg64(2);
  const parameters = engine.parameters({ networks: [plan('actor', 4, 64, 2, 'tanh', 1)] });
  initialise(parameters, random);
  const input = filled(engine, 1, 4, random);
  const network = parameters.network(0);
  return () => network.forward(input, 1);
}

/** Target and online network forward, the taken actions' gradients backward, gradients clipped, Adam. */
function dqn(engine: Engine): () => void {
  const random = new Pcg64(3);
  const batch = 32;
  const networks = [plan('q_net', 4, 64, 2, 'relu', batch)];
  const online = engine.parameters({ networks });
  const target = engine.parameters({ networks });
  initialise(online, random);
  initialise(target, random);
  const adam = engine.adam(online, 1e-8);
  const observations = filled(engine, batch, 4, random);
  const following = filled(engine, batch, 4, random);
  const q = online.network(0);
  const { output, outputGradient } = q;
  return () => {
    target.network(0).forward(following, batch);
    q.forward(observations, batch);
    for (let r = 0; r < batch; r++) {
      const taken = r * output.stride + (r & 1);
      outputGradient.data[taken] = (output.data[taken] ?? 0) / batch;
    }
    q.backward(observations, batch, 'parameters');
    adam.step(1e-4, 10);
  };
}

/**
 * Stable-Baselines3's `SAC.train` on Pendulum's sizes: targets by actor and target critics, both critics' step, the
 * actor's through the smaller critic, the target critics' blending.
 */
function sac(engine: Engine, width: number): () => void {
  const random = new Pcg64(4);
  const batch = 256;
  const twins = { networks: ['qf0', 'qf1'].map((name) => plan(name, 4, width, 1, 'relu', batch)) };
  const actor = engine.parameters({ networks: [plan('actor', 3, width, 2, 'relu', batch)] });
  const critics = engine.parameters(twins);
  const targets = engine.parameters(twins);
  for (const parameters of [actor, critics, targets]) initialise(parameters, random);
  const actorAdam = engine.adam(actor, 1e-8);
  const criticAdam = engine.adam(critics, 1e-8);
  const observations = filled(engine, batch, 3, random);
  const following = filled(engine, batch, 3, random);
  const taken = filled(engine, batch, 4, random);
  const proposed = engine.matrix(batch, 4);
  const policy = actor.network(0);
  const [q0, q1] = [critics.network(0), critics.network(1)];
  // The actor's pass over `observations` comes last, so that its backward pass finds what it left.
  const propose = (states: Matrix) => {
    policy.forward(states, batch);
    for (let r = 0; r < batch; r++) {
      for (let c = 0; c < 3; c++)
        proposed.data[r * proposed.stride + c] = states.data[r * states.stride + c] ?? 0;
      proposed.data[r * proposed.stride + 3] = policy.output.data[r * policy.output.stride] ?? 0;
    }
  };
  return () => {
    propose(following);
    for (const i of [0, 1]) targets.network(i).forward(proposed, batch);
    propose(observations);
    for (const critic of [q0, q1]) critic.forward(taken, batch);
    for (const critic of [q0, q1]) towardsZero(critic, batch);
    for (const critic of [q0, q1]) critic.backward(taken, batch, 'parameters');
    criticAdam.step(3e-4, null);
    for (const critic of [q0, q1]) critic.forward(proposed, batch);
    for (let r = 0; r < batch; r++) {
      const at = r * q0.output.stride;
      const first = (q0.output.data[at] ?? 0) <= (q1.output.data[at] ?? 0);
      q0.outputGradient.data[at] = first ? -1 / batch : 0;
      q1.outputGradient.data[at] = first ? 0 : -1 / batch;
    }
    for (const critic of [q0, q1]) critic.backward(proposed, batch, 'input');
    for (let r = 0; r < batch; r++) {
      const at = r * q0.inputGradient.stride + 3;
      const byAction = (q0.inputGradient.data[at] ?? 0) + (q1.inputGradient.data[at] ?? 0);
      const row = r * policy.outputGradient.stride;
      policy.outputGradient.data[row] = byAction;
      policy.outputGradient.data[row + 1] = byAction / 2;
    }
    policy.backward(observations, batch, 'parameters');
    actorAdam.step(3e-4, null);
    engine.blend(targets, critics, 0.005);
  };
}
