import { GetObjectCommand } from '@aws-sdk/client-s3';
import { policyLoader } from '#functions/queues/verifier/load.ts';
import { type VerifierWorld, verify } from '#functions/queues/verifier/verify.ts';
import { episodesKey, weightsKey } from '#shared/jobs/artifacts.ts';
import { queued, type TrainingJob, type VerificationJob } from '#shared/jobs/job.ts';
import { claim } from '#shared/jobs/lifecycle.ts';
import { balancingFile } from '#tests/support/policies.ts';
import type { Person, School } from '#tests/support/school.ts';
import { aTrainingOf } from '#tests/support/trainer.ts';

const secret = 'the secret that the seeds of the tests’ boards are derived from';

/** The verifier as its function makes it, and what tests need to put into a school and to look at. */
export async function verifierOf(school: School) {
  const { s3 } = await import('#shared/aws/clients.ts');
  const { table, bucket: Bucket, put } = school;
  const objectAt = async (Key: string) => {
    const stored = await s3().send(new GetObjectCommand({ Bucket, Key }));
    return (await stored.Body?.transformToByteArray()) ?? new Uint8Array();
  };
  const world: VerifierWorld = {
    table,
    now: () => new Date(),
    events_days: 30,
    secret: () => Promise.resolve(secret),
    load: policyLoader(table, objectAt),
    save: (job, episodes) => put(episodesKey(job), JSON.stringify(episodes)),
  };
  const read = async (job_id: string): Promise<VerificationJob> => {
    const job = await table.get(queued.verification, { job_id }, { consistent: true });
    if (!job) throw new Error(`no verification ${job_id}`);
    return job;
  };
  const claimed = async (job_id: string): Promise<VerificationJob> => {
    const mine = await claim(world, await read(job_id), 'verifier-1');
    if (!mine) throw new Error('not claimed');
    return mine;
  };
  /** What the queue's ring does. */
  const play = async (job_id: string) => verify(world, await claimed(job_id));
  return { world, read, claimed, play };
}

/** A completed training of somebody, with its weights. */
export async function aTrained(
  school: School,
  owner: Person,
  more: { readonly file?: Uint8Array; readonly state?: TrainingJob['state'] } = {},
): Promise<string> {
  const { state = 'succeeded' } = more;
  const job = await aTrainingOf(owner, school.table, { state, ended_at: new Date().toISOString() });
  await school.put(weightsKey(job), more.file ?? balancingFile());
  return job.job_id;
}
