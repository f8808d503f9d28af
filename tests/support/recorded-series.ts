import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { CurvePoint } from '#shared/domain/runs/curve.ts';
import type { TrainingJob } from '#shared/jobs/job.ts';
import { seriesKeys } from '#shared/jobs/training-series.ts';

export async function objectText(s3: S3Client, bucket: string, Key: string): Promise<string> {
  const stored = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  return (await stored.Body?.transformToString()) ?? '';
}

/** The complete metrics of a training without what a clock decides. */
export async function recordedSeries(s3: S3Client, bucket: string, job: TrainingJob): Promise<CurvePoint[]> {
  const texts = await Promise.all(seriesKeys(job).map((key) => objectText(s3, bucket, key)));
  const all = texts.flatMap((text) => text.split('\n').filter((line) => line !== ''));
  return all.slice(0, job.metrics_points).map((line) => {
    const { 'time/fps': _fps, 'time/time_elapsed': _elapsed, ...point } = JSON.parse(line);
    return point;
  });
}
