import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Replay } from '#shared/contracts/training.ts';
import type { Snapshot } from '#shared/domain/rl/index.ts';
import { checkpointKey, replayKey, weightsKey } from '#shared/jobs/artifacts.ts';
import { joinCheckpoint, splitCheckpoint } from '#shared/jobs/checkpoint-object.ts';
import { errorFields, logger } from '#shared/observability.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** A snapshot as the object that is kept of it. */
export const packed = async ({ state, replay }: Snapshot): Promise<Uint8Array> =>
  joinCheckpoint({ state, replay: replay === null ? Buffer.alloc(0) : await compress(replay) });

/** @throws when the object is cut off or damaged */
export async function unpacked(bytes: Uint8Array): Promise<Snapshot> {
  const { state, replay } = splitCheckpoint(bytes);
  return { state, replay: replay.length === 0 ? null : await decompress(replay) };
}

type JobId = { readonly job_id: string };

/** What a training keeps in S3. */
export interface Artifacts {
  readonly loadCheckpoint: (
    job: JobId & { readonly checkpoint_step: number },
  ) => Promise<Snapshot | undefined>;
  readonly saveCheckpoint: (job: JobId, snapshot: Snapshot) => Promise<void>;
  readonly saveWeights: (job: JobId, bytes: Uint8Array) => Promise<void>;
  readonly saveReplay: (job: JobId, replay: Replay) => Promise<void>;
}

export function createArtifacts(s3: S3Client, bucket: string): Artifacts {
  const save = async (key: string, body: Uint8Array | string, type: string): Promise<void> => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: type }));
  };
  return {
    loadCheckpoint: async (job) => {
      // without the right to list the bucket, S3 says "denied" of an object that is not there: the job knows
      if (job.checkpoint_step === 0) return undefined;
      try {
        const stored = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: checkpointKey(job) }));
        const bytes = await stored.Body?.transformToByteArray();
        return bytes && (await unpacked(bytes));
      } catch (error) {
        // a checkpoint that somebody deleted or damaged costs time, not the training: from the start it gives the same numbers
        logger.warn('training.checkpoint_missing', { job_id: job.job_id, ...errorFields(error) });
        return undefined;
      }
    },
    saveCheckpoint: async (job, snapshot) =>
      save(checkpointKey(job), await packed(snapshot), 'application/octet-stream'),
    saveWeights: (job, bytes) => save(weightsKey(job), bytes, 'application/octet-stream'),
    saveReplay: (job, replay) => save(replayKey(job), JSON.stringify(replay), 'application/json'),
  };
}
