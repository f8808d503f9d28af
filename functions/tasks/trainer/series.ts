import { type CurvePoint, withPoint } from '#shared/domain/runs/curve.ts';
import type { TrainingJob } from '#shared/jobs/job.ts';
import { linesPerSegment } from '#shared/jobs/training-series.ts';
import type { SeriesStore } from './series-store.ts';

/** What a job remembers of its series: how far it is saved. */
export type SeriesMark = Pick<TrainingJob, 'metrics_points' | 'metrics_attempt'>;

/**
 * Every iteration of a training, as lines of JSON in objects of equally many, and thinned as curves.
 *
 * A full segment is written once; what the newest has so far is written at each checkpoint, under the attempt that
 * writes it, so that a worker that was taken for dead cannot cut what its successor has written. The series is
 * saved before the checkpoint is: a training that goes on from a checkpoint may compute iterations again that the
 * series has, and they are the same.
 */
export class Series {
  readonly #store: SeriesStore;
  readonly #job: TrainingJob;
  /** The first iteration of what was saved, and at least a segment's worth of the newest where there are so many. */
  readonly before: readonly CurvePoint[];
  #count: number;
  #lines: string[];
  #curve: CurvePoint[];

  private constructor(
    store: SeriesStore,
    job: TrainingJob,
    { before, lines, curve }: { before: CurvePoint[]; lines: string[]; curve: CurvePoint[] },
  ) {
    this.#store = store;
    this.#job = job;
    this.before = before;
    this.#count = job.metrics_points;
    this.#lines = lines;
    this.#curve = curve;
  }

  /** The series as it was saved last. */
  static async at(store: SeriesStore, job: TrainingJob): Promise<Series> {
    const { metrics_points: count } = job;
    if (count === 0) return new Series(store, job, { before: [], lines: [], curve: [] });
    const begun = Math.floor(count / linesPerSegment);
    const indexes = [...new Set([0, begun - 1, begun])].filter(
      (index) => index >= 0 && index * linesPerSegment < count,
    );
    const [segments, curve] = await Promise.all([
      Promise.all(indexes.map((index) => store.loadSegment(job, index))),
      store.loadCurve(job),
    ]);
    // this task wrote them: numbers and nulls by name
    const before = segments.flat().map((line) => JSON.parse(line) as CurvePoint);
    const lines = segments[indexes.indexOf(begun)] ?? [];
    return new Series(store, job, { before, lines, curve });
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

  /** @returns whether it is new: false for an iteration that an attempt before has added and saved */
  async add(line: CurvePoint, point: CurvePoint): Promise<boolean> {
    if ((line['time/iterations'] ?? 0) <= this.#count) return false;
    this.#lines.push(JSON.stringify(line));
    this.#curve = withPoint(this.#curve, point);
    this.#count += 1;
    if (this.#count % linesPerSegment !== 0) return true;
    await this.#store.saveSegment(this.#job, this.#count / linesPerSegment - 1, this.#lines);
    this.#lines = [];
    return true;
  }

  /** Makes what there is so far last; the mark and the curve belong into the job's next write. */
  async save(): Promise<SeriesMark> {
    const begun = Math.floor(this.#count / linesPerSegment);
    if (this.#lines.length > 0) await this.#store.saveTail(this.#job, begun, this.#lines);
    return { metrics_points: this.#count, metrics_attempt: this.#job.attempt };
  }
}
