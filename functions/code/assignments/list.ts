import type { Assignment, assignmentOperations } from '#shared/contracts/assignments.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { hasOpened } from '#shared/domain/grading/assignment-rules.ts';
import { type Listing, pageOf } from '#shared/http/paging.ts';
import { pageOfPartition } from '#shared/http/partition.ts';
import {
  attendedClasses,
  isAdmin,
  memberClasses,
  reachedClass,
  waitsForOpening,
} from '#shared/reached-class.ts';
import { type AssignmentRecord, assignments } from '#shared/table/assignment.ts';
import type { CodeWorld } from '../world.ts';
import { ownStanding, viewAssignments } from './view.ts';

type Query = Request<(typeof assignmentOperations)['listAssignments']>['query'];
type Keep = (one: AssignmentRecord) => boolean;

/** By due date: of a class, of a student, of an exercise, or of all classes to which the caller belongs. */
export async function listAssignments(
  world: CodeWorld,
  caller: Caller,
  query: Query,
): Promise<Page<Assignment>> {
  const listing: Listing = { caller, query, filters: { operation: 'listAssignments', ...query } };
  const page = await find(world, caller, query, listing);
  const student_id = query.student_id ?? ownStanding(caller);
  return { ...page, items: await viewAssignments(world, page.items, student_id) };
}

async function find(
  world: CodeWorld,
  caller: Caller,
  query: Query,
  listing: Listing,
): Promise<Page<AssignmentRecord>> {
  const { class_id, exercise_id, student_id } = query;
  const keep = filterOf(world, caller, query);
  if (class_id !== undefined) await reachedClass(world, caller, class_id);
  if (student_id !== undefined) {
    const attended = await attendedClasses(world, caller, student_id);
    const wanted = class_id === undefined ? attended : attended.filter((one) => one === class_id);
    return ofClasses(world, wanted, listing, keep);
  }
  if (class_id !== undefined) return ofIndex(world, 'gsi2', `class#${class_id}#assignments`, listing, keep);
  if (!isAdmin(caller)) return ofClasses(world, await memberClasses(world, caller), listing, keep);
  if (exercise_id === undefined)
    return ofIndex(world, 'gsi1', `org#${caller.org_id}#assignments`, listing, keep);
  return ofIndex(
    world,
    'gsi3',
    `exercise#${exercise_id}#assignments`,
    listing,
    ({ org_id }) => caller.role === 'platform_admin' || org_id === caller.org_id,
  );
}

function filterOf(world: CodeWorld, caller: Caller, { exercise_id }: Query): Keep | undefined {
  const at = world.now().toISOString();
  const waits = waitsForOpening(caller);
  if (!waits && exercise_id === undefined) return undefined;
  return (one) =>
    (!waits || hasOpened(one, at)) && (exercise_id === undefined || one.exercise_id === exercise_id);
}

const ofIndex = (
  { table }: CodeWorld,
  index: 'gsi1' | 'gsi2' | 'gsi3',
  pk: string,
  listing: Listing,
  keep: Keep | undefined,
) => pageOfPartition(table, listing, { entity: assignments, index, pk, keep });

/** A person has few classes, and a class the assignments of a year: they are read whole and put in one order. */
async function ofClasses(
  { table }: CodeWorld,
  class_ids: readonly string[],
  listing: Listing,
  keep: Keep = () => true,
): Promise<Page<AssignmentRecord>> {
  const found = await Promise.all(
    class_ids.map((class_id) =>
      table.queryAll(assignments, { index: 'gsi2', pk: `class#${class_id}#assignments` }),
    ),
  );
  const turn = (one: AssignmentRecord) => `${one.due_at ?? '~'}#${one.assignment_id}`;
  const sorted = found
    .flat()
    .filter(keep)
    .sort((a, b) => (turn(a) < turn(b) ? -1 : 1));
  return pageOf(listing, sorted);
}
