import { type CurvePoint, withPoint } from '#shared/domain/runs/curve.ts';
import type { TrainingJob } from '#shared/jobs/job.ts';
import { linesPerSegment } from '#shared/jobs/training-series.ts';
import type { SeriesStore } from './series-store.ts';

/** What a job remembers of its series: together with the checkpoint that the series reaches up to. */
export type SeriesMark = Pick<TrainingJob, 'metrics_points' | 'metrics_attempt'>;

/**
 * Every iteration of a training, as lines of JSON in objects of equally many, and thinned as curves.
 *
 * A full segment is written once; what the newest has so far is written beside each checkpoint, under the attempt
 * that writes it, so that a worker that was taken for dead cannot cut what its successor has written. A training
 * that goes on from a checkpoint goes on with the series as it was there.
 */
export class Series {
  readonly #store: SeriesStore;
  readonly #job: TrainingJob;
  #count: number;
  #lines: string[];
  #curve: CurvePoint[];

  private constructor(
    store: SeriesStore,
    job: TrainingJob,
    count: number,
    lines: string[],
    curve: CurvePoint[],
  ) {
    this.#store = store;
    this.#job = job;
    this.#count = count;
    this.#lines = lines;
    this.#curve = curve;
  }

  /** The series as it was at the job's checkpoint. */
  static async at(store: SeriesStore, job: TrainingJob): Promise<Series> {
    const { metrics_points: count } = job;
    if (count === 0) return new Series(store, job, 0, [], []);
    const begun = count % linesPerSegment;
    const [lines, curve] = await Promise.all([begun === 0 ? [] : store.loadTail(job), store.loadCurve(job)]);
    return new Series(store, job, count, lines.slice(0, begun), curve);
  }

  get curve(): readonly CurvePoint[] {
    return this.#curve;
  }

  /** The checkpoint was of no use: everything is computed again. */
  restart(): void {
    this.#count = 0;
    this.#lines = [];
    this.#curve = [];
  }

  async add(line: CurvePoint, point: CurvePoint): Promise<void> {
    this.#lines.push(JSON.stringify(line));
    this.#curve = withPoint(this.#curve, point);
    this.#count += 1;
    if (this.#count % linesPerSegment !== 0) return;
    await this.#store.saveSegment(this.#job, this.#count / linesPerSegment - 1, this.#lines);
    this.#lines = [];
  }

  /** Makes what there is so far last; the mark belongs into the write that makes the checkpoint count. */
  async save(): Promise<SeriesMark> {
    if (this.#lines.length > 0) await this.#store.saveTail(this.#job, this.#lines);
    return { metrics_points: this.#count, metrics_attempt: this.#job.attempt };
  }
}
