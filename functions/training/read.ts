import type { Caller } from '#shared/contracts/operation.ts';
import { type Replay, replay, trainingEvent } from '#shared/contracts/training.ts';
import { notFound } from '#shared/errors.ts';
import { envelope, openCursor } from '#shared/http/paging.ts';
import { topicOf } from '#shared/jobs/advance.ts';
import { replayKey } from '#shared/jobs/artifacts.ts';
import { jobs, type TrainingJob } from '#shared/jobs/job.ts';
import { reachesJob } from '#shared/jobs/reach.ts';
import { eventKey, events, eventsKey, wireEvent } from '#shared/realtime/event.ts';
import type { TrainingWorld } from './world.ts';

/** The training, if the caller may see it; a missing and a hidden one look the same. */
export async function readTraining(
  world: TrainingWorld,
  caller: Caller,
  job_id: string,
): Promise<TrainingJob> {
  const job = await world.table.get(jobs, { job_id }, { consistent: true });
  if (job?.kind !== 'training' || !(await reachesJob(world.table, caller, job))) throw notFound('training');
  return job;
}

export async function readMetrics(
  world: TrainingWorld,
  caller: Caller,
  job_id: string,
  query: { after_seq: number; limit: number; cursor?: string | undefined },
) {
  const job = await readTraining(world, caller, job_id);
  const listing = { caller, query, filters: { job_id, after_seq: query.after_seq } };
  const { start, page } = openCursor(listing);
  const found = await world.table.query(events, {
    pk: eventsKey(topicOf(job)),
    after: eventKey(query.after_seq),
    limit: query.limit,
    start,
  });
  const items = found.items.map((event) => trainingEvent.parse(wireEvent(event)));
  return envelope(listing, { items, next: found.next, page });
}

export async function readReplay(world: TrainingWorld, caller: Caller, job_id: string): Promise<Replay> {
  const job = await readTraining(world, caller, job_id);
  if (job.best_mean_reward === null) throw notFound('replay');
  const stored = await world.objects.get(replayKey(job));
  return replay.parse(JSON.parse(new TextDecoder().decode(stored)));
}
