import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { RecordedConfig } from '#shared/contracts/training.ts';
import {
  createTraining,
  type Snapshot,
  SnapshotMismatch,
  type Training,
  TrainingDiverged,
  type TrainingEvaluation,
  type TrainingMetrics,
} from '#shared/domain/rl/index.ts';

/**
 * The computing half of the trainer: a worker thread that does nothing but train, and tells the main thread
 * what it has. Two words of shared memory stop it within a minibatch, and hold it back where telling is slower than
 * training: what has not been told would be lost with the process, and a pause would wait for all of it.
 */
export interface ComputeInput {
  readonly config: RecordedConfig;
  /** Continue from here. */
  readonly checkpoint: Snapshot | undefined;
  /** `controlWords` Int32. */
  readonly control: SharedArrayBuffer;
}

/** What the words of `control` say: 1 to stop; how many messages the main thread is through with. */
export const STOP = 0;
export const HANDLED = 1;
export const controlWords = 2;

/** Messages that the thread may be ahead. */
const mostAhead = 32;

export type ComputeMessage =
  | {
      readonly type: 'iteration';
      readonly step: number;
      readonly fps: number;
      readonly metrics: TrainingMetrics;
    }
  /** `weights`: those that were evaluated. */
  | { readonly type: 'evaluation'; readonly evaluation: TrainingEvaluation; readonly weights: Uint8Array }
  | {
      readonly type: 'checkpoint';
      readonly step: number;
      readonly snapshot: Snapshot;
      /** Why it is to be kept for itself; of the others only the last one is. */
      readonly reasons: readonly ('saved' | 'best')[];
    }
  | { readonly type: 'stopped'; readonly step: number; readonly snapshot: Snapshot }
  | { readonly type: 'done'; readonly weights_hash: string }
  /** `what` was no longer a number. */
  | { readonly type: 'diverged'; readonly step: number; readonly what: string }
  /** The checkpoint does not fit this configuration; training starts from the beginning. */
  | { readonly type: 'restarted'; readonly reason: string };

const checkpointEveryMs = 10_000;

/** Runs in the worker thread. */
export function compute(): void {
  const { config, checkpoint, control: shared } = workerData as ComputeInput;
  const control = new Int32Array(shared);
  let told = 0;
  const tell = (message: ComputeMessage): void => {
    parentPort?.postMessage(message);
    told += 1;
    for (;;) {
      const handled = Atomics.load(control, HANDLED);
      if (told - handled <= mostAhead || Atomics.load(control, STOP) !== 0) return;
      Atomics.wait(control, HANDLED, handled, 1000);
    }
  };
  const training = createTraining({
    config,
    seed: config.seed,
    now: () => performance.now(),
    poll: () => Atomics.load(control, STOP) !== 0,
  });
  if (checkpoint) restore(training, checkpoint, tell);
  try {
    train(training, tell);
  } catch (error) {
    if (!(error instanceof TrainingDiverged)) throw error;
    tell({ type: 'diverged', step: error.step, what: error.what });
  }
}

function restore(training: Training, checkpoint: Snapshot, tell: (message: ComputeMessage) => void): void {
  try {
    training.restore(checkpoint);
  } catch (error) {
    if (!(error instanceof SnapshotMismatch)) throw error;
    tell({ type: 'restarted', reason: error.message });
  }
}

/** Trains to the end, or until it is stopped; both are told with the state at the last boundary. */
function train(training: Training, tell: (message: ComputeMessage) => void): void {
  if (!iterate(training, tell)) {
    tell({ type: 'stopped', step: training.step, snapshot: training.snapshot() });
    return;
  }
  tell({ type: 'done', weights_hash: createHash('sha256').update(training.weights()).digest('hex') });
}

/** @returns whether the end was reached */
function iterate(training: Training, tell: (message: ComputeMessage) => void): boolean {
  let savedAt = performance.now();
  // a checkpoint may stand at a boundary whose evaluation was not told any more
  if (training.evaluationDue && !evaluate(training, tell)) return false;
  while (!training.done) {
    const metrics = training.advance();
    if (metrics === null) return false;
    tell({ type: 'iteration', step: training.step, fps: training.progress().fps, metrics });
    const evaluation = training.evaluationDue ? evaluate(training, tell) : undefined;
    if (evaluation === null) return false;
    const reasons = reasonsToKeep(training, evaluation);
    if (reasons.length > 0 || performance.now() - savedAt >= checkpointEveryMs) {
      savedAt = performance.now();
      tell({ type: 'checkpoint', step: training.step, snapshot: training.snapshot(), reasons });
    }
  }
  return true;
}

const reasonsToKeep = (
  training: Training,
  evaluation: TrainingEvaluation | undefined,
): ('saved' | 'best')[] => [
  ...(training.saveDue ? (['saved'] as const) : []),
  ...(evaluation?.best ? (['best'] as const) : []),
];

/** @returns null if it was stopped */
function evaluate(training: Training, tell: (message: ComputeMessage) => void): TrainingEvaluation | null {
  const evaluation = training.evaluate();
  if (evaluation) tell({ type: 'evaluation', evaluation, weights: training.weights() });
  return evaluation;
}
