import { healthyUpdates } from './healthy-metrics.ts';

/** A computing thread that has nothing to compute: a stand-in for one, whose metrics a test knows beforehand. */
export interface Script {
  /** Iterations of the training; each is of 256 steps. */
  readonly iterations: number;
  /** The source of a function that gives what is unusual about an iteration, counted from 1. */
  readonly unusual: string;
  /** A checkpoint after every so many iterations. */
  readonly checkpointEvery: number;
  /** Ends after this iteration as if it had been asked to. */
  readonly stopAfter?: number;
  /** Ends without a number after this iteration. */
  readonly divergeAfter?: number;
}

const usual = {
  'rollout/ep_rew_mean': 20,
  'rollout/ep_len_mean': 20,
  'time/fps': 12_345,
  'time/time_elapsed': 1,
  ...healthyUpdates,
  'train/n_updates': 10,
  'train/learning_rate': 0.0003,
};

/** The program of such a thread; it goes on from its checkpoints. */
export const scriptedThread = (script: Script): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
import { parentPort, workerData } from 'node:worker_threads';
const script = ${JSON.stringify(script)};
const usual = ${JSON.stringify(usual)};
const unusual = ${script.unusual};
const { checkpoint } = workerData;
const tell = (message) => parentPort.postMessage(message);
const at = (i) => ({ step: 256 * i, snapshot: { state: Buffer.from(String(i)), replay: null } });
const from = checkpoint ? Number(Buffer.from(checkpoint.state).toString()) : 0;
const last = Math.min(script.stopAfter ?? Infinity, script.divergeAfter ?? Infinity, script.iterations);
for (let i = from + 1; i <= last; i++) {
  const time = { 'time/iterations': i, 'time/total_timesteps': 256 * i };
  tell({ type: 'iteration', step: 256 * i, fps: 12345, metrics: { ...usual, ...time, ...unusual(i) } });
  if (i % script.checkpointEvery === 0) tell({ type: 'checkpoint', ...at(i), reasons: [] });
}
if (script.divergeAfter) tell({ type: 'diverged', step: 256 * (last + 1), what: 'loss' });
else if (script.stopAfter) tell({ type: 'stopped', ...at(Math.max(from, last)) });
else tell({ type: 'done', weights_hash: 'a'.repeat(64) });
`)}`,
  );
