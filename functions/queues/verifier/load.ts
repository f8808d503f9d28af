import * as z from 'zod';
import { InvalidPolicy, type Policy, readPolicy, readTfjs } from '#shared/domain/rl/policy/index.ts';
import { uploadKey, weightsKey } from '#shared/jobs/artifacts.ts';
import { jobs, type VerificationJob } from '#shared/jobs/job.ts';
import { trainedPolicy } from '#shared/jobs/trained-policy.ts';
import { policyUploads } from '#shared/table/leaderboard.ts';
import type { Table } from '#shared/table/table.ts';

const tfjsFile = z.object({ model: z.string(), weights: z.string() });

/** Reads what a job is about from the bucket, and checks it as if nobody had before. */
export function policyLoader(table: Table, objectAt: (key: string) => Promise<Uint8Array>) {
  return async ({ source, source_id, environment, env_kwargs }: VerificationJob): Promise<Policy> => {
    if (source === 'session') {
      const training = await table.get(jobs, { job_id: source_id }, { consistent: true });
      if (training?.kind !== 'training') throw new InvalidPolicy('malformed', '', 'the training is gone');
      return trainedPolicy(training, await objectAt(weightsKey(training)));
    }
    const upload = await table.get(policyUploads, { upload_id: source_id }, { consistent: true });
    if (!upload) throw new InvalidPolicy('malformed', '', 'the upload is gone');
    const wanted = { environment, env_kwargs: JSON.parse(env_kwargs) as Record<string, unknown> };
    const file = await objectAt(uploadKey(upload));
    if (upload.format === 'safetensors') return readPolicy(file, wanted);
    const { model, weights } = tfjsFile.parse(JSON.parse(Buffer.from(file).toString()));
    return readTfjs({ model, weights: new Uint8Array(Buffer.from(weights, 'base64')) }, wanted);
  };
}
