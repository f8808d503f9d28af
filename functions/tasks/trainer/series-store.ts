import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { CurvePoint } from '#shared/domain/runs/curve.ts';
import type { TrainingJob } from '#shared/jobs/job.ts';
import { curves } from '#shared/jobs/training-records.ts';
import { keptCheckpointKey, segmentKey, tailKey } from '#shared/jobs/training-series.ts';
import { errorFields, logger } from '#shared/observability.ts';
import type { Table } from '#shared/table/table.ts';

/** Where a training's series and the checkpoints that are kept for themselves lie. */
export interface SeriesStore {
  readonly loadTail: (job: TrainingJob) => Promise<string[]>;
  readonly loadCurve: (job: TrainingJob) => Promise<CurvePoint[]>;
  readonly saveSegment: (job: TrainingJob, index: number, lines: readonly string[]) => Promise<void>;
  readonly saveTail: (job: TrainingJob, lines: readonly string[]) => Promise<void>;
  readonly keepCheckpoint: (job: TrainingJob, step: number, bytes: Uint8Array) => Promise<void>;
}

export function createSeriesStore(table: Table, s3: S3Client, bucket: string): SeriesStore {
  const save = async (Key: string, Body: Uint8Array | string, ContentType: string): Promise<void> => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType }));
  };
  const saveLines = (key: string, lines: readonly string[]): Promise<void> =>
    save(key, `${lines.join('\n')}\n`, 'application/jsonl');
  return {
    loadTail: async (job) => {
      try {
        const key = tailKey(job, job.metrics_attempt);
        const stored = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return ((await stored.Body?.transformToString()) ?? '').split('\n').slice(0, -1);
      } catch (error) {
        // lines that somebody deleted are missing in a file, and stop no training
        logger.warn('training.metrics_missing', { job_id: job.job_id, ...errorFields(error) });
        return [];
      }
    },
    loadCurve: async (job) => [...((await table.get(curves, job, { consistent: true }))?.points ?? [])],
    saveSegment: (job, index, lines) => saveLines(segmentKey(job, index), lines),
    saveTail: (job, lines) => saveLines(tailKey(job, job.attempt), lines),
    keepCheckpoint: (job, step, bytes) =>
      save(keptCheckpointKey(job, step), bytes, 'application/octet-stream'),
  };
}
