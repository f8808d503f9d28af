import { isActive } from '../domain/jobs/states.ts';
import type { JobWorld } from './advance.ts';
import { queued, type TrainingJob, trainingTurn } from './job.ts';

/** How far back in the queue each training that one already has there puts the next. */
const turnMs = 10_000;

/** The turn of a training that comes after so many of the same person. */
export const turnAfter = (now: Date, active: number): string =>
  new Date(now.getTime() + active * turnMs).toISOString();

/** How far a person's trainings are looked through for those that are under way. */
const looked = 200;

/** What a person has waiting or running; what is paused holds nothing up. */
export async function activeTrainings(
  { table }: Pick<JobWorld, 'table'>,
  user_id: string,
): Promise<{ readonly single: number; readonly all: number; readonly sweeps: number }> {
  const recent = await table.query(queued.training, {
    index: 'gsi1',
    pk: `user#${user_id}#jobs#training`,
    backwards: true,
    limit: looked,
  });
  const active = recent.items.filter(({ state }) => isActive(state));
  const swept = active.flatMap(({ sweep_id }) => (sweep_id === null ? [] : [sweep_id]));
  return { single: active.length - swept.length, all: active.length, sweeps: new Set(swept).size };
}

/** A waiting training, and how many of its owner come before it: those that run, and those with an earlier turn. */
interface Standing {
  readonly job: TrainingJob;
  readonly before: number;
}

/**
 * Waiting trainings in the order in which trainers take them: people take turns, one training each, whoever has
 * fewest before it first, then the earlier turn. However many one person has, everybody else's next waits for one of
 * them at most.
 */
export function inTurn(waiting: readonly TrainingJob[], running: readonly TrainingJob[]): Standing[] {
  const counts = new Map<string, number>();
  const next = (owner: string): number => {
    const count = counts.get(owner) ?? 0;
    counts.set(owner, count + 1);
    return count;
  };
  for (const { owner_id } of running) next(owner_id);
  const key = (job: TrainingJob): string => `${trainingTurn(job)}#${job.job_id}`;
  return [...waiting]
    .sort((a, b) => (key(a) < key(b) ? -1 : 1))
    .map((job) => ({ job, before: next(job.owner_id) }))
    .sort((a, b) => a.before - b.before || (key(a.job) < key(b.job) ? -1 : 1));
}

/** Those whose owner has a place free; the others wait for one of their own to end. */
export const takeable = (
  waiting: readonly TrainingJob[],
  running: readonly TrainingJob[],
  perPerson: number,
): TrainingJob[] =>
  inTurn(waiting, running)
    .filter(({ before }) => before < perPerson)
    .map(({ job }) => job);
