import { isInteractive } from '../domain/jobs/states.ts';
import type { Table } from '../table/table.ts';
import type { GradingJob } from './job.ts';
import { runningJobs } from './lifecycle.ts';
import { loads } from './load.ts';

/**
 * Waiting jobs in the order in which graders take them. Who sits and waits comes before what goes through many
 * submissions. Of people who wait for the same slot the one with nothing running comes first, and nobody's turn is
 * before their last job ended: a run that was as long as many others counts as much as they do (start-time fair
 * queueing, Goyal, Vin & Cheng 1996). So each waits at most for one run of another, however many that one has.
 */
export async function inFairOrder(table: Table, waiting: readonly GradingJob[]): Promise<GradingJob[]> {
  const interactive = waiting.filter(({ kind }) => isInteractive(kind));
  return [...(await byPerson(table, interactive)), ...waiting.filter(({ kind }) => !isInteractive(kind))];
}

async function byPerson(table: Table, waiting: readonly GradingJob[]): Promise<readonly GradingJob[]> {
  const owners = [...new Set(waiting.map(({ owner_id }) => owner_id))];
  if (owners.length < 2) return waiting;
  const [running, known] = await Promise.all([
    runningJobs({ table }, 'grading'),
    table.getMany(
      loads,
      owners.map((user_id) => ({ user_id })),
    ),
  ]);
  const served = new Set(running.flatMap(({ kind, owner_id }) => (isInteractive(kind) ? [owner_id] : [])));
  const endedAt = new Map(known.flatMap((load) => (load ? [[load.user_id, load.ended_at ?? '']] : [])));
  const turnOf = ({ owner_id, fair_at, job_id }: GradingJob): string => {
    const ended_at = endedAt.get(owner_id) ?? '';
    const turn = ended_at > fair_at ? ended_at : fair_at;
    return `${served.has(owner_id) ? 'then' : 'first'} ${turn}#${job_id}`;
  };
  return waiting
    .map((job) => ({ job, turn: turnOf(job) }))
    .sort((a, b) => (a.turn < b.turn ? -1 : 1))
    .map(({ job }) => job);
}
