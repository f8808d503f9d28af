import type { Caller } from '#shared/contracts/operation.ts';
import { type BoardEntry, boardReplay } from '#shared/contracts/training-policies.ts';
import { statusOf } from '#shared/domain/jobs/states.ts';
import { canonicalKwargs } from '#shared/domain/rl/policy/index.ts';
import { conflict, notFound, unauthorized, unknownReference } from '#shared/errors.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { episodesKey } from '#shared/jobs/artifacts.ts';
import { jobs, newVerification, type VerificationJob } from '#shared/jobs/job.ts';
import { reachesJob } from '#shared/jobs/reach.ts';
import { storedEpisodes } from '#shared/jobs/verified-episodes.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { policyUploads, verificationsOf } from '#shared/table/leaderboard.ts';
import type { Write } from '#shared/table/table.ts';
import { users } from '#shared/table/user.ts';
import { boardEnvironment } from './environment.ts';
import { countWithinHour } from './hourly.ts';
import type { PoliciesWorld } from './world.ts';

interface Given {
  readonly session_id?: string | undefined;
  readonly upload_id?: string | undefined;
}

/** What is to be played, found to be the caller's own. */
type Source = Pick<VerificationJob, 'source' | 'source_id' | 'environment' | 'env_kwargs'>;

/** Queues the verification: the job, its first event, and the mark that this policy has one, in one transaction. */
export async function enterBoard(
  world: PoliciesWorld,
  caller: Caller,
  environment: string,
  body: Given,
  key: string | undefined,
): Promise<BoardEntry> {
  boardEnvironment(environment, '{}');
  const request = {
    caller,
    operation: 'policies.enter',
    key,
    body: { environment, ...body },
    now: world.now(),
  };
  const job = await idempotently(
    world.table,
    request,
    async (done) => {
      const source = await findSource(world, caller, environment, body);
      return (await enterOnce(world, caller, source, done)) ?? (await entered(world, source));
    },
    async (job_id) => {
      const job = await verification(world, job_id);
      if (!job) throw new Error(`verification ${job_id} was recorded but is not there`);
      return job;
    },
  );
  return viewEntry(job);
}

/** The job that verifies this policy, made now if there is none; undefined when somebody else made one meanwhile. */
async function enterOnce(
  world: PoliciesWorld,
  caller: Caller,
  source: Source,
  done: (job_id: string) => Write[],
): Promise<VerificationJob | undefined> {
  const { table } = world;
  const earlier = await table.get(verificationsOf, source, { consistent: true });
  const before = earlier && (await verification(world, earlier.job_id));
  // the episodes are the same each time: a second run would find the same
  if (before && before.state !== 'failed' && before.state !== 'cancelled') return before;
  const job = await newJob(world, caller, source);
  const mark = { source: source.source, source_id: source.source_id, job_id: job.job_id };
  const orElse = (): Error => new EnteredMeanwhile();
  const marks = earlier
    ? table.update(verificationsOf, mark, {
        expression: 'SET #job_id = :new',
        when: '#job_id = :old',
        values: { ':new': job.job_id, ':old': earlier.job_id },
        orElse,
      })
    : table.insert(verificationsOf, mark, orElse);
  try {
    await table.write(
      marks,
      ...newJobWrites(world, job),
      countWithinHour(world, caller, 'entry'),
      ...done(job.job_id),
    );
    return job;
  } catch (error) {
    if (error instanceof EnteredMeanwhile) return undefined;
    throw error;
  }
}

class EnteredMeanwhile extends Error {}

async function entered(world: PoliciesWorld, source: Source): Promise<VerificationJob> {
  const mark = await world.table.get(verificationsOf, source, { consistent: true });
  const job = mark && (await verification(world, mark.job_id));
  if (!job) throw new Error('a policy has a mark and no verification');
  return job;
}

/** Another kind of job with that id is none. */
async function verification({ table }: PoliciesWorld, job_id: string): Promise<VerificationJob | undefined> {
  const job = await table.get(jobs, { job_id }, { consistent: true });
  return job?.kind === 'verification' ? job : undefined;
}

async function findSource(
  world: PoliciesWorld,
  caller: Caller,
  environment: string,
  { session_id, upload_id }: Given,
): Promise<Source> {
  const source =
    session_id === undefined
      ? await uploadedBy(world, caller, upload_id ?? '')
      : await trainedBy(world, caller, session_id);
  if (source.environment !== environment)
    throw conflict(
      'policy.other_environment',
      `This policy is for ${source.environment}, not for ${environment}.`,
    );
  return source;
}

async function trainedBy({ table }: PoliciesWorld, caller: Caller, session_id: string): Promise<Source> {
  const job = await table.get(jobs, { job_id: session_id }, { consistent: true });
  if (job?.kind !== 'training' || job.owner_id !== caller.user_id)
    throw unknownReference('training.unknown', 'You have no such training.');
  if (job.state !== 'succeeded')
    throw conflict('training.not_completed', 'A training can be entered when it is completed.');
  const { environment, env_kwargs } = job.config;
  return {
    source: 'session',
    source_id: session_id,
    environment,
    env_kwargs: canonicalKwargs(environment, env_kwargs),
  };
}

async function uploadedBy({ table, now }: PoliciesWorld, caller: Caller, upload_id: string): Promise<Source> {
  const upload = await table.get(policyUploads, { upload_id }, { consistent: true });
  const gone = upload !== undefined && upload.expires_at * 1000 < now().getTime();
  if (!upload || upload.owner_id !== caller.user_id || gone)
    throw unknownReference('upload.unknown', 'You have no such upload.');
  const { environment, env_kwargs } = upload;
  return { source: 'upload', source_id: upload_id, environment, env_kwargs };
}

async function newJob(world: PoliciesWorld, caller: Caller, source: Source): Promise<VerificationJob> {
  const owner = await world.table.get(users, caller);
  if (!owner) throw unauthorized('auth.ended', 'This account no longer exists.');
  return newVerification(
    {
      ...source,
      job_id: world.newId(),
      owner_id: caller.user_id,
      owner_name: owner.name,
      org_id: caller.org_id,
      class_id: null,
    },
    world.now(),
  );
}

interface EntryOf {
  readonly environment: string;
  readonly entry_id: string;
}

export async function readEntry(
  world: PoliciesWorld,
  caller: Caller,
  { environment, entry_id }: EntryOf,
): Promise<BoardEntry> {
  const job = await verification(world, entry_id);
  if (job?.environment !== environment || !(await reachesJob(world.table, caller, job)))
    throw notFound('entry');
  return viewEntry(job);
}

/** An episode of one's own entry, or of any verified one of the organisation: the board shows that there is one. */
export async function readEntryReplay(
  world: PoliciesWorld,
  caller: Caller,
  { environment, entry_id }: EntryOf,
  episode: 'median' | 'best',
) {
  const job = await verification(world, entry_id);
  if (job?.environment !== environment || job.result === null || !(await mayWatch(world, caller, job)))
    throw notFound('entry');
  const stored = await world.objects.get(episodesKey(job));
  const episodes = storedEpisodes.parse(JSON.parse(Buffer.from(stored).toString()));
  return boardReplay.parse({ ...episodes[episode], entry_id });
}

async function mayWatch({ table }: PoliciesWorld, caller: Caller, job: VerificationJob): Promise<boolean> {
  if (caller.role !== 'guardian' && caller.org_id === job.org_id) return true;
  return reachesJob(table, caller, job);
}

function viewEntry(job: VerificationJob): BoardEntry {
  const { job_id, env_kwargs, environment, source, source_id, result, error_code, error_detail } = job;
  return {
    entry_id: job_id,
    environment,
    env_kwargs: JSON.parse(env_kwargs) as Record<string, unknown>,
    source,
    source_id,
    status: statusOf(job),
    result,
    error_code,
    error_detail,
    owner_id: job.owner_id,
    owner_name: job.owner_name,
    created_at: job.created_at,
    ended_at: job.ended_at,
  };
}
