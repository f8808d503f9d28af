import type { exerciseOperations } from '#shared/contracts/exercises.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { notFound } from '#shared/errors.ts';
import type { Listing } from '#shared/http/paging.ts';
import { contains, pageOfPartition } from '#shared/http/partition.ts';
import {
  type ExerciseRecord,
  exercises,
  type PublishedExercise,
  publishedExercises,
  versionStates,
} from '#shared/table/exercise.ts';
import { organizations } from '#shared/table/organization.ts';
import type { Summary } from '../summary.ts';
import type { CodeWorld } from '../world.ts';
import { givenTo, isPractice, readableExercise } from './access.ts';
import { summaries } from './view.ts';

type Query = Request<(typeof exerciseOperations)['listExercises']>['query'];
type Shared = ExerciseRecord | PublishedExercise;

export async function listExercises(world: CodeWorld, caller: Caller, query: Query): Promise<Page<Summary>> {
  const listing: Listing = { caller, query, filters: { operation: 'listExercises', ...query } };
  const page =
    caller.role === 'student'
      ? await forStudent(world, caller, query, listing)
      : await forStaff(world, caller, query, listing);
  return { ...page, items: await summaries(world, caller, page.items) };
}

const order = ({ sort }: Query) => ({
  index: sort.endsWith('title') ? ('gsi1' as const) : ('gsi2' as const),
  changed: sort.endsWith('title') ? '' : '#changed',
  backwards: sort.startsWith('-'),
});

async function forStaff(
  world: CodeWorld,
  caller: Caller,
  query: Query,
  listing: Listing,
): Promise<Page<Shared>> {
  const org_id = await organizationOf(world, caller, query.org_id);
  const { index, changed, backwards } = order(query);
  return pageOfPartition(world.table, listing, {
    entity: exercises,
    index,
    pk: `org#${org_id}#exercises${changed}`,
    backwards,
    keep: filterOf(query, caller),
  });
}

/** What is open for practice, and what was given to a class of theirs, in one order. */
async function forStudent(
  world: CodeWorld,
  caller: Caller,
  query: Query,
  listing: Listing,
): Promise<Page<Shared>> {
  const org_id = await organizationOf(world, caller, query.org_id);
  const given = new Set((await givenTo(world, caller.user_id)).map(({ exercise_id }) => exercise_id));
  const fits = filterOf(query, caller);
  const { index, changed, backwards } = order(query);
  return pageOfPartition(world.table, listing, {
    entity: publishedExercises,
    index,
    pk: `org#${org_id}#published${changed}`,
    backwards,
    keep: (item) => (isPractice(item) || given.has(item.exercise_id)) && (fits?.(item) ?? true),
  });
}

/** Undefined: nothing is filtered. */
function filterOf(query: Query, caller: Caller): ((item: Shared) => boolean) | undefined {
  const { topic, module, difficulty, language, status, tag, q, mine } = query;
  const filters = [topic, module, difficulty, language, status, tag, q, mine];
  if (filters.every((filter) => filter === undefined)) return undefined;
  const is = <T>(wanted: T | undefined, value: T): boolean => wanted === undefined || wanted === value;
  return (item) =>
    is(topic, item.topic) &&
    is(module, item.module ?? undefined) &&
    is(difficulty, item.difficulty) &&
    is(language, item.language) &&
    is(status, item.status) &&
    (tag === undefined || item.tags.includes(tag)) &&
    (mine === undefined || (mine === 'true') === (item.created_by === caller.user_id)) &&
    contains(q, [item.title, ...Object.values(item.titles)]);
}

async function organizationOf(world: CodeWorld, caller: Caller, org_id: string | undefined): Promise<string> {
  if (org_id === undefined || org_id === caller.org_id) return caller.org_id;
  const known =
    caller.role === 'platform_admin' &&
    (await world.table.get(organizations, { org_id }, { consistent: true }));
  if (!known) throw notFound('organization');
  return org_id;
}

export async function listVersions(
  world: CodeWorld,
  caller: Caller,
  exercise_id: string,
  query: Request<(typeof exerciseOperations)['listVersions']>['query'],
) {
  const head = await readableExercise(world, caller, exercise_id);
  const listing: Listing = { caller, query, filters: { operation: 'listVersions', exercise_id } };
  const page = await pageOfPartition(world.table, listing, {
    entity: versionStates,
    pk: `exercise#${exercise_id}`,
    prefix: 'state#',
    backwards: true,
    total: head.newest_version,
  });
  return {
    ...page,
    items: page.items.map(({ version_number, certification, ...state }) => ({
      ...state,
      version: version_number,
      certified: certification.status === 'passed',
    })),
  };
}
