import type { Caller } from '#shared/contracts/operation.ts';
import type { Regrade } from '#shared/contracts/regrades.ts';
import { isFinal } from '#shared/domain/jobs/states.ts';
import { conflict } from '#shared/errors.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import type { JobOf } from '#shared/jobs/job.ts';
import { appliesUntil, type RegradeRecord, regrades } from '#shared/table/regrade.ts';
import { retried } from '#shared/table/retry.ts';
import type { CodeWorld } from '../world.ts';
import { newRegradeJob } from './create.ts';
import { jobOf, reachedRegrade, viewRegrade } from './read.ts';
import { regradeTurn } from './turn.ts';

/**
 * Queues the application of a preview; again it changes nothing. One that failed half way goes on where it stopped,
 * under the terms it began with.
 */
export function applyRegrade(
  world: CodeWorld,
  caller: Caller,
  regrade_id: string,
  { never_lower }: { readonly never_lower?: boolean | undefined },
): Promise<Regrade> {
  const { table } = world;
  return retried(async () => {
    const seen = await reachedRegrade(world, caller, regrade_id);
    if (!mayStart(seen, await jobOf(world, seen))) return viewRegrade(world, seen);
    refuseExpired(world, seen);
    const next: RegradeRecord = {
      ...seen,
      stage: 'application',
      job_id: world.newId(),
      never_lower: seen.stage === 'preview' ? (never_lower ?? seen.never_lower) : seen.never_lower,
    };
    const turn = await regradeTurn(world, next);
    const job = await newRegradeJob(world, caller, next);
    await table.write(...newJobWrites(world, job), table.replace(regrades, seen, next), turn);
    return viewRegrade(world, next);
  });
}

/** False: it is applied, or about to be. */
function mayStart({ stage }: RegradeRecord, { state }: JobOf<'regrade'>): boolean {
  if (stage === 'application') return isFinal(state) && state !== 'succeeded';
  if (state === 'succeeded') return true;
  throw isFinal(state)
    ? conflict('regrade.failed', 'This preview failed; make another one.')
    : conflict('regrade.not_previewed', 'Wait for the preview to end before applying it.');
}

/** What it found is no longer there, or goes at any moment. */
function refuseExpired({ now, events_days }: CodeWorld, regrade: RegradeRecord): void {
  if (now() > appliesUntil(regrade, events_days))
    throw conflict(
      'regrade.expired',
      `What this preview found was kept for ${events_days} days; make another one.`,
    );
}
