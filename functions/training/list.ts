import type { Caller } from '#shared/contracts/operation.ts';
import type { AlgorithmName } from '#shared/contracts/training-config.ts';
import type { TrainingStatus } from '#shared/domain/jobs/states.ts';
import { trainingStatusOf } from '#shared/domain/jobs/states.ts';
import { notFound } from '#shared/errors.ts';
import { type Listing, pageOf, paginate } from '#shared/http/paging.ts';
import { classJobs, jobs, queued, type TrainingJob } from '#shared/jobs/job.ts';
import { viewSessions } from '#shared/jobs/training-view.ts';
import { isStaffOf, linkedStudents, reachesStudent } from '#shared/reach.ts';
import { classes } from '#shared/table/class.ts';
import { startAfter } from '#shared/table/entity.ts';
import { users } from '#shared/table/user.ts';
import type { TrainingWorld } from './world.ts';

interface Query {
  readonly status?: TrainingStatus | undefined;
  readonly environment?: string | undefined;
  readonly algorithm?: AlgorithmName | undefined;
  readonly group?: string | undefined;
  readonly sweep_id?: string | undefined;
  readonly class_id?: string | undefined;
  readonly owner_id?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Trainings newest first: of a class, of a person, or as far as the caller's role reaches. */
export async function listTrainings(world: TrainingWorld, caller: Caller, query: Query) {
  const listing: Listing = { caller, query, filters: { ...query } };
  const page = await findJobs(world, caller, query, listing, (job) => fits(job, query));
  return { ...page, items: await viewSessions(world, page.items) };
}

/** A filter that is not given lets everything through. */
function fits({ state, config, config_hash, sweep_id }: TrainingJob, query: Query): boolean {
  const is = <T>(wanted: T | undefined, value: T): boolean => wanted === undefined || wanted === value;
  return (
    is(query.status, trainingStatusOf(state)) &&
    is(query.environment, config.environment) &&
    is(query.algorithm, config.algorithm) &&
    is(query.group, config_hash) &&
    is(query.sweep_id, sweep_id ?? 'none')
  );
}

async function findJobs(
  world: TrainingWorld,
  caller: Caller,
  query: Query,
  listing: Listing,
  keep: (job: TrainingJob) => boolean,
) {
  if (query.class_id !== undefined)
    return ofClass(
      world,
      caller,
      query.class_id,
      listing,
      (job) => keep(job) && (query.owner_id === undefined || job.owner_id === query.owner_id),
    );
  if (query.owner_id !== undefined) {
    await refuseUnreachable(world, caller, query.owner_id);
    return ofIndex(world, 'gsi1', `user#${query.owner_id}#jobs#training`, listing, keep);
  }
  if (caller.role === 'guardian') return ofChildren(world, caller, listing, keep);
  if (caller.role === 'org_admin' || caller.role === 'platform_admin')
    return ofIndex(world, 'gsi2', `org#${caller.org_id}#jobs#training`, listing, keep);
  return ofIndex(world, 'gsi1', `user#${caller.user_id}#jobs#training`, listing, keep);
}

const ofIndex = (
  world: TrainingWorld,
  index: 'gsi1' | 'gsi2',
  pk: string,
  listing: Listing,
  keep: (job: TrainingJob) => boolean,
) =>
  paginate<TrainingJob>(
    listing,
    (start, limit) => world.table.query(queued.training, { index, pk, limit, start, backwards: true }),
    { keep, keyOf: (job) => startAfter(queued.training, job, index) },
  );

async function ofClass(
  world: TrainingWorld,
  caller: Caller,
  class_id: string,
  listing: Listing,
  keep: (job: TrainingJob) => boolean,
) {
  const found = await world.table.get(classes, { class_id }, { consistent: true });
  const administers =
    caller.role === 'platform_admin' || (caller.role === 'org_admin' && found?.org_id === caller.org_id);
  if (!found || !(administers || (await isStaffOf(world.table, caller, class_id)))) throw notFound('class');
  return paginate<TrainingJob>(
    listing,
    async (start, limit) => {
      const refs = await world.table.query(classJobs, {
        pk: `class#${class_id}`,
        prefix: 'job#',
        backwards: true,
        limit,
        start,
      });
      const loaded = await world.table.getMany(jobs, refs.items);
      return { items: loaded.filter((job) => job?.kind === 'training'), next: refs.next };
    },
    {
      keep,
      keyOf: ({ job_id, created_at }) => startAfter(classJobs, { class_id, job_id, created_at }),
    },
  );
}

async function refuseUnreachable(world: TrainingWorld, caller: Caller, owner_id: string): Promise<void> {
  const owner = await world.table.get(users, { user_id: owner_id }, { consistent: true });
  if (!owner || !(await reachesStudent(world.table, caller, owner))) throw notFound('user');
}

/** A guardian has few children, and each a bounded number of recent trainings. */
const recentOfChild = 100;

async function ofChildren(
  world: TrainingWorld,
  caller: Caller,
  listing: Listing,
  keep: (job: TrainingJob) => boolean,
) {
  const children = await linkedStudents(world.table, caller.user_id);
  const found = await Promise.all(
    children.map((child) =>
      world.table.query(queued.training, {
        index: 'gsi1',
        pk: `user#${child}#jobs#training`,
        backwards: true,
        limit: recentOfChild,
      }),
    ),
  );
  const all = found.flatMap(({ items }) => items).filter(keep);
  return pageOf(
    listing,
    all.sort((a, b) => (a.created_at < b.created_at ? 1 : -1)),
  );
}
