import type { Assignment, assignmentOperations } from '#shared/contracts/assignments.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { hasOpened } from '#shared/domain/grading/assignment-rules.ts';
import { pageOfGiven } from '#shared/given-to-classes.ts';
import type { Listing } from '#shared/http/paging.ts';
import { pageOfPartition } from '#shared/http/partition.ts';
import { waitsForOpening } from '#shared/reached-class.ts';
import { type AssignmentRecord, assignments, assignmentTurn } from '#shared/table/assignment.ts';
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

const given = {
  entity: assignments,
  index: 'gsi2',
  partitionOf: (class_id: string) => `class#${class_id}#assignments`,
  turnOf: assignmentTurn,
} as const;

function find(
  world: CodeWorld,
  caller: Caller,
  query: Query,
  listing: Listing,
): Promise<Page<AssignmentRecord>> {
  const { table } = world;
  const { class_id, exercise_id, student_id } = query;
  const keep = filterOf(world, caller, query);
  const ofSchool = () =>
    exercise_id === undefined
      ? pageOfPartition(table, listing, {
          entity: assignments,
          index: 'gsi1',
          pk: `org#${caller.org_id}#assignments`,
          keep,
        })
      : pageOfPartition(table, listing, {
          entity: assignments,
          index: 'gsi3',
          pk: `exercise#${exercise_id}#assignments`,
          keep: ({ org_id }) => caller.role === 'platform_admin' || org_id === caller.org_id,
        });
  return pageOfGiven(table, given, { caller, class_id, student_id, listing, keep, ofSchool });
}

function filterOf(world: CodeWorld, caller: Caller, { exercise_id }: Query): Keep | undefined {
  const at = world.now().toISOString();
  const waits = waitsForOpening(caller);
  if (!waits && exercise_id === undefined) return undefined;
  return (one) =>
    (!waits || hasOpened(one, at)) && (exercise_id === undefined || one.exercise_id === exercise_id);
}
