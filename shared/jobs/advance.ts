import { mayBecome, statusOf } from '../domain/jobs/states.ts';
import { type EventRecord, events } from '../realtime/event.ts';
import type { Table, Write } from '../table/table.ts';
import { type Job, type JobCore, jobs } from './job.ts';
import { loadWrites } from './load.ts';

export interface NewEvent {
  readonly type: string;
  readonly data: Record<string, unknown>;
}

export interface JobWorld {
  readonly table: Table;
  readonly now: () => Date;
  /** How long events are kept. */
  readonly events_days: number;
}

export const topicOf = (job: { readonly job_id: string }): string => `job:${job.job_id}`;

/** Events that a class page shows of its students' jobs; the curves stay with who opens the job. */
const forTheClass = new Set(['job.status', 'training.evaluated', 'code.result']);

export const statusEvent = (job: Job): NewEvent => ({
  type: 'job.status',
  data: { status: statusOf(job), attempt: job.attempt, error_code: job.error_code },
});

export function eventRecord(world: JobWorld, job: Job, seq: number, event: NewEvent): EventRecord {
  const now = world.now();
  return {
    topic: topicOf(job),
    seq,
    event_type: event.type,
    at: now.toISOString(),
    data: event.data,
    owner_id: job.owner_id,
    fan_in: job.class_id !== null && forTheClass.has(event.type) ? [`class:${job.class_id}`] : [],
    expires_at: Math.floor(now.getTime() / 1000) + world.events_days * 86_400,
  };
}

/** Fields of the kind, or such as every kind has. */
type Kept = 'job_id' | 'version' | 'event_seq';
export type Change<J extends Job> = Partial<Omit<J, Kept>> | Partial<Omit<JobCore, Kept>>;

/**
 * Commits a change of a job together with the events that tell of it, in one transaction that holds only if
 * nobody changed the job since it was read: this is the fence of every worker.
 *
 * A change of state brings its `job.status` event by itself, after the others, and what it changes of the owner's
 * load.
 *
 * @throws ConditionFailed when somebody else was first
 */
export async function advance<J extends Job>(
  world: JobWorld,
  seen: J,
  change: Change<J>,
  told: readonly NewEvent[] = [],
  also: readonly Write[] = [],
): Promise<J> {
  const next: J = { ...seen, ...change };
  const moved = next.state !== seen.state;
  if (moved && !mayBecome(seen.state, next.state))
    throw new Error(`a job cannot go from ${seen.state} to ${next.state}`);
  const all = moved ? [...told, statusEvent(next)] : told;
  next.event_seq = seen.event_seq + all.length;
  await world.table.write(
    world.table.replace<Job, { job_id: string }>(jobs, seen, next),
    ...all.map((event, index) =>
      world.table.insert(events, eventRecord(world, next, seen.event_seq + index + 1, event)),
    ),
    ...(moved ? loadWrites(world.table, seen, next) : []),
    ...also,
  );
  return { ...next, version: seen.version + 1 };
}

/** The writes that make a new job: itself, and its first event. */
export const newJobWrites = (world: JobWorld, job: Job): Write[] => [
  world.table.insert(jobs, job),
  world.table.insert(events, eventRecord(world, job, 1, statusEvent(job))),
];
