import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { CurvePoint } from '#shared/domain/runs/curve.ts';
import type { TrainingJob } from '#shared/jobs/job.ts';
import { curves } from '#shared/jobs/training-records.ts';
import { keptCheckpointKey, linesPerSegment, segmentKey, tailKey } from '#shared/jobs/training-series.ts';
import { errorFields, logger } from '#shared/observability.ts';
import type { Table } from '#shared/table/table.ts';

/** Where a training's series and the checkpoints that are kept for themselves lie. */
export interface SeriesStore {
  /** The lines of a segment up to the job's mark; none, where somebody deleted them. */
  readonly loadSegment: (job: TrainingJob, index: number) => Promise<string[]>;
  readonly loadCurve: (job: TrainingJob) => Promise<CurvePoint[]>;
  readonly saveSegment: (job: TrainingJob, index: number, lines: readonly string[]) => Promise<void>;
  /** What there is of a segment that is not full. */
  readonly saveTail: (job: TrainingJob, index: number, lines: readonly string[]) => Promise<void>;
  readonly keepCheckpoint: (job: TrainingJob, step: number, bytes: Uint8Array) => Promise<void>;
}

export function createSeriesStore(table: Table, s3: S3Client, bucket: string): SeriesStore {
  const save = async (Key: string, Body: Uint8Array | string, ContentType: string): Promise<void> => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType }));
  };
  const saveLines = (key: string, lines: readonly string[]): Promise<void> =>
    save(key, `${lines.join('\n')}\n`, 'application/jsonl');
  return {
    loadSegment: async (job, index) => {
      const upTo = job.metrics_points - index * linesPerSegment;
      const key = upTo < linesPerSegment ? tailKey(job, index, job.metrics_attempt) : segmentKey(job, index);
      try {
        const stored = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        const lines = ((await stored.Body?.transformToString()) ?? '').split('\n').slice(0, -1);
        // a tail may reach further than the mark
        return lines.slice(0, upTo);
      } catch (error) {
        // lines that somebody deleted are missing in a file, and stop no training
        logger.warn('training.metrics_missing', { job_id: job.job_id, ...errorFields(error) });
        return [];
      }
    },
    loadCurve: async (job) => [...((await table.get(curves, job, { consistent: true }))?.points ?? [])],
    saveSegment: (job, index, lines) => saveLines(segmentKey(job, index), lines),
    saveTail: (job, index, lines) => saveLines(tailKey(job, index, job.attempt), lines),
    keepCheckpoint: (job, step, bytes) =>
      save(keptCheckpointKey(job, step), bytes, 'application/octet-stream'),
  };
}
