import { setImmediate } from 'node:timers/promises';
import type { VerifiedResult } from '#shared/contracts/training-policies.ts';
import {
  episodeLimit,
  InvalidPolicy,
  type Policy,
  type PolicyEvaluation,
  parameterCount,
  SeededEvaluation,
} from '#shared/domain/rl/policy/index.ts';
import { advance, type Change, type JobWorld } from '#shared/jobs/advance.ts';
import { queued, type VerificationJob } from '#shared/jobs/job.ts';
import { renewLease } from '#shared/jobs/lifecycle.ts';
import type { StoredEpisodes } from '#shared/jobs/verified-episodes.ts';
import { type BoardEntryRecord, boardEntries } from '#shared/table/leaderboard.ts';
import { ConditionFailed, type Write } from '#shared/table/table.ts';
import { episodes, hiddenSeeds } from './seeds.ts';

export interface VerifierWorld extends JobWorld {
  readonly secret: () => Promise<string>;
  /** @throws InvalidPolicy */
  readonly load: (job: VerificationJob) => Promise<Policy>;
  readonly save: (job: VerificationJob, episodes: StoredEpisodes) => Promise<void>;
}

export type Outcome = 'verified' | 'refused' | 'fenced';

/** Multiplications of all episodes together: half a minute of one processor. */
const mostWork = 1.5e10;
const renewEveryMs = 10_000;

/**
 * Plays a claimed policy on the board's hidden seeds and commits what comes of it: the result, its event, and the
 * place on the board if it is its owner's best, in one transaction that holds only while the job is ours. The same
 * policy and seeds give the same numbers, so a verifier that died costs its time and nothing else.
 */
export async function verify(world: VerifierWorld, claimed: VerificationJob): Promise<Outcome> {
  let job = claimed;
  try {
    const policy = await world.load(job);
    refuseHeavy(policy);
    const evaluation = new SeededEvaluation(
      policy,
      hiddenSeeds(await world.secret(), job.environment, job.env_kwargs),
    );
    let renewedAt = performance.now();
    while (!evaluation.done) {
      evaluation.next();
      await setImmediate();
      if (performance.now() - renewedAt < renewEveryMs) continue;
      job = await renewLease(world, job);
      renewedAt = performance.now();
    }
    const result = evaluation.result();
    await world.save(job, { median: copied(result.median), best: copied(result.best) });
    return await commit(world, job, resultOf(result));
  } catch (error) {
    if (error instanceof ConditionFailed) return 'fenced';
    if (!(error instanceof InvalidPolicy)) throw error;
    return refuse(world, job, error);
  }
}

function refuseHeavy(policy: Policy): void {
  const steps = episodeLimit(policy.environment, policy.env_kwargs) * episodes;
  const most = Math.floor(mostWork / steps);
  const parameters = parameterCount(policy);
  if (parameters > most)
    throw new InvalidPolicy(
      'too_large',
      '',
      `the policy has ${parameters} parameters, and ${most} is the most for ${policy.environment}`,
    );
}

const copied = ({ environment, env_kwargs, reward, length, frames, actions }: PolicyEvaluation['best']) => ({
  environment,
  env_kwargs: { ...env_kwargs },
  reward,
  length,
  frames: frames.map((frame) => [...frame]),
  actions: actions.map((action) => (typeof action === 'number' ? action : [...action])),
});

const resultOf = (evaluation: PolicyEvaluation): VerifiedResult => ({
  n_episodes: evaluation.n_episodes,
  mean_reward: storable(evaluation.mean_reward),
  std_reward: storable(evaluation.std_reward),
  ci95_low: storable(evaluation.ci95_reward[0]),
  ci95_high: storable(evaluation.ci95_reward[1]),
  min_reward: storable(evaluation.min_reward),
  max_reward: storable(evaluation.max_reward),
  mean_ep_length: evaluation.mean_ep_length,
  success: evaluation.success,
});

/** The table holds no magnitude below 1e-130 and 38 digits: nine are more than a score has. */
const storable = (x: number): number => Math.round(x * 1e9) / 1e9;

const ended = (now: Date) => ({ worker: null, lease_until: null, ended_at: now.toISOString() }) as const;

/** Again when only the board moved in between; another verification of the same person may have been quicker. */
async function commit(world: VerifierWorld, job: VerificationJob, result: VerifiedResult): Promise<Outcome> {
  const now = world.now();
  const change: Change<VerificationJob> = { ...ended(now), state: 'succeeded', outcome: 'verified', result };
  const told = { type: 'board.verified', data: { ...result } };
  for (;;) {
    const also = await boardWrites(world, job, result, now);
    try {
      await advance(world, job, change, [told], also);
      return 'verified';
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      const current = await world.table.get(queued.verification, job, { consistent: true });
      if (current?.version !== job.version) return 'fenced';
    }
  }
}

/** The owner's line, if there is none or this is better. */
async function boardWrites(
  { table }: VerifierWorld,
  job: VerificationJob,
  result: VerifiedResult,
  now: Date,
): Promise<Write[]> {
  const { org_id, environment, env_kwargs, owner_id: user_id } = job;
  const before = await table.get(
    boardEntries,
    { org_id, environment, env_kwargs, user_id },
    { consistent: true },
  );
  if (before && before.mean_reward >= result.mean_reward) return [];
  const line: Omit<BoardEntryRecord, 'version'> = {
    org_id,
    environment,
    env_kwargs,
    user_id,
    name: job.owner_name,
    entry_id: job.job_id,
    source: job.source,
    ...result,
    verified_at: now.toISOString(),
  };
  return [
    before ? table.replace(boardEntries, before, line) : table.insert(boardEntries, { ...line, version: 1 }),
  ];
}

async function refuse(
  world: VerifierWorld,
  job: VerificationJob,
  { message, fault }: InvalidPolicy,
): Promise<Outcome> {
  try {
    await advance(world, job, {
      ...ended(world.now()),
      state: 'succeeded',
      outcome: 'refused',
      error_code: `policy.${fault}`,
      error_detail: message,
    });
    return 'refused';
  } catch (error) {
    if (error instanceof ConditionFailed) return 'fenced';
    throw error;
  }
}
