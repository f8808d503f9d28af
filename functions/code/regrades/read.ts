import type { Caller } from '#shared/contracts/operation.ts';
import type { Regrade, RegradeRow } from '#shared/contracts/regrades.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { isFinal, isWaiting, statusOf } from '#shared/domain/jobs/states.ts';
import { notFound } from '#shared/errors.ts';
import { pageOfPartition } from '#shared/http/partition.ts';
import { type JobOf, jobs } from '#shared/jobs/job.ts';
import { runsClass } from '#shared/reach.ts';
import { exercises } from '#shared/table/exercise.ts';
import { type RegradeRecord, type RegradeRowRecord, regradeRows, regrades } from '#shared/table/regrade.ts';
import { queuePositions } from '../queue.ts';
import type { CodeWorld } from '../world.ts';

const noSuchRegrade = () => notFound('regrade');

interface Paging {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export async function reachedRegrade(
  world: CodeWorld,
  caller: Caller,
  regrade_id: string,
): Promise<RegradeRecord> {
  const found = await world.table.get(regrades, { regrade_id }, { consistent: true });
  if (!found || !(await runsClass(world.table, caller, found))) throw noSuchRegrade();
  return found;
}

export async function getRegrade(world: CodeWorld, caller: Caller, regrade_id: string): Promise<Regrade> {
  return viewRegrade(world, await reachedRegrade(world, caller, regrade_id));
}

export async function jobOf({ table }: CodeWorld, { job_id }: RegradeRecord): Promise<JobOf<'regrade'>> {
  const job = await table.get(jobs, { job_id }, { consistent: true });
  if (job?.kind !== 'regrade') throw new Error(`the regrade’s job ${job_id} is not there`);
  return job;
}

export async function viewRegrade(world: CodeWorld, record: RegradeRecord): Promise<Regrade> {
  const job = await jobOf(world, record);
  const position = isWaiting(job.state) ? await queuePositions(world) : () => null;
  // what the job counted was committed with its end, perhaps after the record was read
  const counted = isFinal(job.state)
    ? await world.table.get(regrades, record, { consistent: true })
    : undefined;
  return shown(counted?.job_id === job.job_id ? counted : record, job, position);
}

function shown(
  record: RegradeRecord,
  job: JobOf<'regrade'>,
  position: (job_id: string) => number | null,
): Regrade {
  const { org_id: _org, class_id: _class, stage: _stage, version: _version, ...rest } = record;
  return {
    ...rest,
    status: statusOf(job),
    progress: job.progress,
    queue_position: isWaiting(job.state) ? position(job.job_id) : null,
    last_seq: job.event_seq,
    error_code: job.error_code,
  };
}

/** Newest first, those that the caller may see. */
export async function listRegrades(
  world: CodeWorld,
  caller: Caller,
  query: Paging & { readonly exercise_id: string },
): Promise<Page<Regrade>> {
  const { exercise_id } = query;
  const exercise = await world.table.get(exercises, { exercise_id }, { consistent: true });
  if (!exercise || (exercise.org_id !== caller.org_id && caller.role !== 'platform_admin'))
    throw notFound('exercise');
  const all = await world.table.queryAll(regrades, {
    index: 'gsi1',
    pk: `exercise#${exercise_id}#regrades`,
  });
  const reached = await Promise.all(all.map((one) => runsClass(world.table, caller, one)));
  const visible = new Set(all.filter((_, index) => reached[index]).map(({ regrade_id }) => regrade_id));
  const page = await pageOfPartition(
    world.table,
    { caller, query, filters: { exercise_id } },
    {
      entity: regrades,
      index: 'gsi1',
      pk: `exercise#${exercise_id}#regrades`,
      backwards: true,
      keep: ({ regrade_id }) => visible.has(regrade_id),
    },
  );
  const position = await queuePositions(world);
  const found = await world.table.getMany(jobs, page.items);
  return {
    ...page,
    items: page.items.flatMap((record, index) => {
      const job = found[index];
      return job?.kind === 'regrade' ? [shown(record, job, position)] : [];
    }),
  };
}

/** Who rises, who falls, and by which test. */
export async function listRegradeRows(
  world: CodeWorld,
  caller: Caller,
  regrade_id: string,
  query: Paging & { readonly change?: RegradeRow['change'] | undefined },
): Promise<Page<RegradeRow>> {
  const regrade = await reachedRegrade(world, caller, regrade_id);
  const { change } = query;
  const page = await pageOfPartition<RegradeRowRecord, Parameters<typeof regradeRows.key>[0]>(
    world.table,
    { caller, query, filters: { regrade_id, change } },
    {
      entity: regradeRows,
      pk: regrades.key(regrade).pk,
      prefix: 'row#',
      keep: change === undefined ? undefined : (row) => row.change === change,
    },
  );
  return { ...page, items: page.items.map(shownRow) };
}

const shownRow = ({
  regrade_id: _id,
  settled: _settled,
  expires_at: _end,
  ...row
}: RegradeRowRecord): RegradeRow => row;
