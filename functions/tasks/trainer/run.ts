import { Worker } from 'node:worker_threads';
import type { Replay, TrainingWarning } from '#shared/contracts/training.ts';
import type { TrainingEvaluation, TrainingMetrics } from '#shared/domain/rl/index.ts';
import type { CurvePoint } from '#shared/domain/runs/curve.ts';
import { advance, type JobWorld, type NewEvent } from '#shared/jobs/advance.ts';
import { queued, type TrainingJob } from '#shared/jobs/job.ts';
import { interrupt, leasedUntil } from '#shared/jobs/lifecycle.ts';
import { type CheckpointRecord, checkpoints, curves, evaluations } from '#shared/jobs/training-records.ts';
import { logger } from '#shared/observability.ts';
import { ConditionFailed, type Write } from '#shared/table/table.ts';
import type { Artifacts } from './artifacts.ts';
import { type ComputeInput, type ComputeMessage, controlWords, HANDLED, STOP } from './compute.ts';
import { type Inboxed, messagesOf } from './inbox.ts';
import { evaluatedData, lineOf, metricsData, pointOf } from './report.ts';
import { Series } from './series.ts';
import type { SeriesStore } from './series-store.ts';
import { Watch } from './watch.ts';

export interface TrainerWorld extends JobWorld {
  readonly artifacts: Artifacts;
  readonly series: SeriesStore;
  /** How long checkpoints are kept for themselves. */
  readonly checkpoints_days: number;
  /** How long one training may have a machine. */
  readonly limit_s: number;
  /** The program whose worker thread computes. */
  readonly program: URL;
  /** Becomes aborted when the task is asked to end. */
  readonly ending: AbortSignal;
}

/** How often the job is looked at between writes: bounds how long a cancelled training computes on. */
const lookEveryMs = 1_000;
const tellEveryMs = 1_000;
const renewEveryMs = 10_000;

export type Outcome = 'succeeded' | 'failed' | 'interrupted' | 'paused' | 'fenced';

/**
 * Runs a claimed job to its end.
 *
 * Every write states the job as this worker last saw it, so a worker that was cancelled or taken for dead finds
 * out at its next write and stops: nothing of it is seen any more. A training that goes on from a checkpoint
 * computes the same numbers again; what the table already has is not told twice.
 */
export class JobRun {
  readonly #world: TrainerWorld;
  #job: TrainingJob;
  readonly #control = new Int32Array(new SharedArrayBuffer(4 * controlWords));
  #points: CurvePoint[] = [];
  #newest: TrainingMetrics | undefined;
  #toldAt = performance.now();
  #wroteAt = performance.now();
  #checkpointStep: number;
  /** What is known of the iterations so far; read when the run begins. */
  readonly #known: Promise<{ readonly series: Series; readonly watch: Watch }>;
  readonly #startedAt = performance.now();
  readonly #ranBefore_s: number;
  #isOvertime = false;

  constructor(world: TrainerWorld, job: TrainingJob) {
    this.#world = world;
    this.#job = job;
    this.#checkpointStep = job.checkpoint_step;
    this.#known = Series.at(world.series, job).then((series) => ({
      series,
      watch: new Watch(job.config, series.before, job.warnings),
    }));
    this.#ranBefore_s = job.ran_s;
  }

  async run(): Promise<Outcome> {
    const { ending, artifacts, program } = this.#world;
    const stop = (): void => this.#stop();
    ending.addEventListener('abort', stop);
    const [checkpoint, { series }] = await Promise.all([artifacts.loadCheckpoint(this.#job), this.#known]);
    if (checkpoint) this.#points = this.#untold(series);
    const input: ComputeInput = {
      config: this.#job.config,
      checkpoint,
      control: this.#control.buffer,
    };
    if (ending.aborted) stop();
    const worker = new Worker(program, { workerData: input });
    const inbox = messagesOf(worker);
    const look = setInterval(() => inbox.push({ type: 'look' }), lookEveryMs);
    try {
      for await (const message of inbox.read()) {
        const outcome = await this.#handle(message);
        if (outcome) return outcome;
        if (message.type !== 'look') this.#handled();
      }
      throw new Error('the computing thread ended without a result');
    } catch (error) {
      if (error instanceof ConditionFailed) return 'fenced';
      throw error;
    } finally {
      clearInterval(look);
      ending.removeEventListener('abort', stop);
      this.#stop();
      await worker.terminate();
    }
  }

  #stop(): void {
    Atomics.store(this.#control, STOP, 1);
    Atomics.notify(this.#control, HANDLED);
  }

  /** Lets the thread go on if it was too far ahead. */
  #handled(): void {
    Atomics.add(this.#control, HANDLED, 1);
    Atomics.notify(this.#control, HANDLED);
  }

  get #ran_s(): number {
    return Math.round(this.#ranBefore_s + (performance.now() - this.#startedAt) / 1000);
  }

  async #handle(message: Inboxed): Promise<Outcome | undefined> {
    switch (message.type) {
      case 'look':
        return this.#look();
      case 'iteration':
        return this.#iterated(message);
      case 'evaluation':
        return this.#evaluated(message);
      case 'checkpoint':
        return this.#saved(message);
      case 'restarted':
        return this.#restarted(message.reason);
      case 'stopped':
        return this.#stopped(message);
      case 'diverged':
        return this.#diverged(message);
      case 'done':
        return this.#done(message);
    }
  }

  /** Commits a change of the job and what it tells, and keeps the lease. */
  async #commit(
    change: Partial<TrainingJob>,
    told: readonly NewEvent[] = [],
    also: readonly Write[] = [],
  ): Promise<void> {
    const lease = change.state === undefined ? { lease_until: leasedUntil(this.#world.now()) } : {};
    const all = { ran_s: this.#ran_s, ...lease, ...change };
    await this.#write((job) => advance(this.#world, job, all, told, also));
  }

  /** What its owner asks for meanwhile, a pause or none, is the one change of others that fences nobody. */
  async #write(act: (job: TrainingJob) => Promise<TrainingJob>): Promise<void> {
    for (;;) {
      try {
        this.#job = await act(this.#job);
        this.#wroteAt = performance.now();
        return;
      } catch (error) {
        if (!(error instanceof ConditionFailed && (await this.#isStillMine()))) throw error;
      }
    }
  }

  /** Learns what the owner asked for; false: the job is no longer this worker's. */
  async #isStillMine(): Promise<boolean> {
    const now = await this.#world.table.get(queued.training, this.#job, { consistent: true });
    if (now?.state !== 'running' || now.attempt !== this.#job.attempt) return false;
    this.#job = now;
    if (now.pause_requested) this.#stop();
    return true;
  }

  async #look(): Promise<Outcome | undefined> {
    if (this.#ran_s >= this.#world.limit_s) {
      this.#isOvertime = true;
      this.#stop();
    }
    const silent = performance.now() - this.#wroteAt;
    if (silent < lookEveryMs) return undefined;
    if (silent >= renewEveryMs) {
      await this.#commit({}, []);
      return undefined;
    }
    return (await this.#isStillMine()) ? undefined : 'fenced';
  }

  /** What the attempt before had saved and not told. */
  #untold({ curve }: Series): CurvePoint[] {
    const { progress, checkpoint_step } = this.#job;
    return curve.filter(({ step }) => step && step > progress.step && step <= checkpoint_step);
  }

  async #restarted(reason: string): Promise<undefined> {
    logger.warn('training.restarted', { job_id: this.#job.job_id, reason });
    const { series, watch } = await this.#known;
    this.#points = [];
    series.restart();
    watch.restart();
    return undefined;
  }

  async #iterated(message: { step: number; fps: number; metrics: TrainingMetrics }): Promise<undefined> {
    const { series, watch } = await this.#known;
    const [line, point] = [lineOf(message.metrics), pointOf(message.metrics)];
    const isNew = await series.add(line, point);
    const warnings = isNew ? watch.add(line) : [];
    // told by the attempt before
    if (message.step <= this.#job.progress.step) return undefined;
    this.#newest = message.metrics;
    this.#points.push(point);
    // a warning comes right after the iteration that shows it, whatever the time
    if (warnings.length > 0 || performance.now() - this.#toldAt >= tellEveryMs) await this.#tell(warnings);
    return undefined;
  }

  /** Tells the iterations since the last time, and what the last of them shows. */
  async #tell(warnings: readonly TrainingWarning[] = []): Promise<void> {
    const newest = this.#newest;
    if (!newest) return;
    const data = metricsData(newest, this.#points);
    this.#newest = undefined;
    this.#points = [];
    this.#toldAt = performance.now();
    await this.#commit(
      {
        progress: { step: data.step, fps: data.fps },
        ...(warnings.length > 0 && { warnings: [...this.#job.warnings, ...warnings] }),
      },
      [
        { type: 'training.metrics', data },
        ...warnings.map((warning) => ({ type: 'training.warning', data: warning })),
      ],
    );
  }

  async #evaluated({ evaluation, weights }: Evaluated): Promise<undefined> {
    if (evaluation.step <= this.#job.evaluated_step) return undefined;
    await this.#tell();
    const { step, mean_reward } = evaluation;
    const before = this.#job.best_mean_reward;
    const best = before === null || mean_reward >= before;
    if (best) {
      await this.#world.artifacts.saveReplay(this.#job, this.#replay(evaluation));
      await this.#world.artifacts.saveWeights(this.#job, weights);
    }
    const data = evaluatedData(evaluation, best);
    const { job_id } = this.#job;
    const at = this.#world.now().toISOString();
    await this.#commit(
      {
        evaluated_step: step,
        final_mean_reward: mean_reward,
        ...(best && { best_mean_reward: mean_reward }),
      },
      [{ type: 'training.evaluated', data }],
      [this.#world.table.put(evaluations, { ...data, job_id, at })],
    );
    return undefined;
  }

  #replay({ step, replay }: TrainingEvaluation): Replay {
    return {
      session_id: this.#job.job_id,
      environment: replay.environment,
      step,
      reward: replay.reward,
      length: replay.length,
      frames: replay.frames.map((frame) => [...frame]),
      // the actions of every environment here are a single number
      actions: replay.actions.flat(),
    };
  }

  async #saved({ step, snapshot, reasons }: Saved): Promise<undefined> {
    if (step <= this.#checkpointStep) return undefined;
    const { artifacts, series: store, table } = this.#world;
    if (reasons.length > 0) await store.keepCheckpoint(this.#job, step, snapshot.state);
    // first: whoever dies between the two leaves a series that has what the checkpoint has, or more
    await this.#saveSeries();
    await artifacts.saveCheckpoint(this.#job, snapshot);
    this.#checkpointStep = step;
    const also =
      reasons.length > 0 ? [table.put(checkpoints, this.#kept(step, snapshot.state.length, reasons))] : [];
    // a newer checkpoint is progress: deaths before it no longer count
    await this.#commit({ checkpoint_step: step, deaths: 0 }, [], also);
    return undefined;
  }

  async #saveSeries(): Promise<void> {
    const { series } = await this.#known;
    const { job_id } = this.#job;
    const points = series.curve.map((point) => ({ ...point }));
    await this.#commit(await series.save(), [], [this.#world.table.put(curves, { job_id, points })]);
  }

  #kept(step: number, size_bytes: number, reasons: Saved['reasons']): CheckpointRecord {
    const now = this.#world.now();
    const { job_id, evaluated_step, final_mean_reward } = this.#job;
    return {
      job_id,
      step,
      reasons: [...reasons],
      size_bytes,
      mean_reward: evaluated_step === step ? final_mean_reward : null,
      at: now.toISOString(),
      expires_at: Math.floor(now.getTime() / 1000) + this.#world.checkpoints_days * 86_400,
    };
  }

  async #stopped(message: Pick<Saved, 'step' | 'snapshot'>): Promise<Outcome> {
    await this.#tell();
    await this.#saved({ ...message, reasons: [] });
    if (this.#isOvertime) return this.#timedOut();
    await this.#write((job) => interrupt(this.#world, job));
    return this.#job.state === 'paused' ? 'paused' : 'interrupted';
  }

  async #timedOut(): Promise<Outcome> {
    const minutes = Math.round(this.#world.limit_s / 60);
    await this.#commit({
      ...ended(this.#world.now()),
      state: 'timed_out',
      error_code: 'job.timed_out',
      error_detail: `A training has a machine for at most ${minutes} minutes at this school. The last checkpoint is at step ${this.#checkpointStep}.`,
    });
    return 'failed';
  }

  async #diverged({ step, what }: { step: number; what: string }): Promise<Outcome> {
    await this.#tell();
    // what led there is what its owner looks for; run once more, it goes on from the checkpoint all the same
    await this.#saveSeries();
    await this.#commit(
      {
        ...ended(this.#world.now()),
        state: 'failed',
        error_code: 'training.diverged',
        error_detail: `At step ${step} ${what} was no longer a number. Try a smaller learning_rate; the last good checkpoint is at step ${this.#checkpointStep}.`,
      },
      [],
    );
    return 'failed';
  }

  async #done({ weights_hash }: { weights_hash: string }): Promise<Outcome> {
    await this.#tell();
    await this.#commit({ ...ended(this.#world.now()), state: 'succeeded', weights_hash }, []);
    return 'succeeded';
  }
}

type Saved = Pick<Extract<ComputeMessage, { type: 'checkpoint' }>, 'step' | 'snapshot' | 'reasons'>;

const ended = (now: Date) =>
  ({ worker: null, lease_until: null, pause_requested: false, ended_at: now.toISOString() }) as const;

type Evaluated = Pick<Extract<ComputeMessage, { type: 'evaluation' }>, 'evaluation' | 'weights'>;
