import type { Assignment, assignmentOperations } from '#shared/contracts/assignments.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import { hasOpened } from '#shared/domain/grading/assignment-rules.ts';
import { toInstantOrNull } from '#shared/domain/school-time.ts';
import { conflict, invalid, unknownReference } from '#shared/errors.ts';
import { taughtClass, unknownClass } from '#shared/reached-class.ts';
import { events } from '#shared/realtime/event.ts';
import {
  type AssignmentRecord,
  type AssignmentStanding,
  assignmentStandings,
  assignments,
  type ClassAssignment,
  classAssignments,
} from '#shared/table/assignment.ts';
import { type ClassRecord, classes } from '#shared/table/class.ts';
import { type ExerciseRecord, exercises } from '#shared/table/exercise.ts';
import { assignmentGates } from '#shared/table/gate.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { retried } from '#shared/table/retry.ts';
import type { Write } from '#shared/table/table.ts';
import { reachedAssignment, taughtAssignment } from '../access.ts';
import type { CodeWorld } from '../world.ts';
import { viewAssignment } from './view.ts';

type Create = Request<(typeof assignmentOperations)['createAssignment']>['body'];
type Changes = Request<(typeof assignmentOperations)['updateAssignment']>['body'];

const notPublished = () =>
  conflict('exercise.not_published', 'Publish the exercise before you give it to a class.');

export function createAssignment(
  world: CodeWorld,
  caller: Caller,
  { body, idempotency_key: key }: { readonly body: Create; readonly idempotency_key: string | undefined },
): Promise<Assignment> {
  const { table } = world;
  return idempotently(
    table,
    { caller, operation: 'createAssignment', key, body, now: world.now() },
    async (once) => {
      const ofClass = await taughtClass(world, caller, body.class_id, unknownClass);
      await refuseUnpublished(world, ofClass, body.exercise_id);
      const record = newAssignment(world, caller, ofClass, body);
      refuseOddDates(record);
      await table.write(
        ...once(record.assignment_id),
        table.insert(assignments, record),
        table.insert(classAssignments, reference(record)),
        // whoever deletes the class at this moment reads again, and finds the assignment
        table.update(classes, ofClass, {
          expression: 'ADD #version :one',
          values: { ':one': 1 },
          orElse: unknownClass,
        }),
        countAssignments(world, record.exercise_id, 1),
        created(world, record, body.title),
      );
      return viewAssignment(world, caller, record);
    },
    async (assignment_id) => {
      const { assignment } = await reachedAssignment(world, caller, assignment_id);
      return viewAssignment(world, caller, assignment);
    },
  );
}

async function refuseUnpublished(
  { table }: CodeWorld,
  { org_id }: ClassRecord,
  exercise_id: string,
): Promise<ExerciseRecord> {
  const exercise = await table.get(exercises, { exercise_id }, { consistent: true });
  if (exercise?.org_id !== org_id)
    throw unknownReference('exercise.unknown', 'Exercise not found in the organisation of the class');
  if (exercise.status !== 'published') throw notPublished();
  return exercise;
}

/** Dates as the school's clocks mean them: a day opens with its first moment and ends with its last. */
function instants({ settings: { time_zone } }: CodeWorld, { opens_at, due_at, late_policy }: Dates): Dates {
  return {
    opens_at: toInstantOrNull(opens_at, time_zone, 'start'),
    due_at: toInstantOrNull(due_at, time_zone, 'end'),
    late_policy:
      late_policy.kind === 'penalty'
        ? { ...late_policy, until: toInstantOrNull(late_policy.until, time_zone, 'end') }
        : late_policy,
  };
}
type Dates = Pick<AssignmentRecord, 'opens_at' | 'due_at' | 'late_policy'>;

function newAssignment(
  world: CodeWorld,
  caller: Caller,
  ofClass: ClassRecord,
  body: Create,
): AssignmentRecord {
  const at = world.now().toISOString();
  return {
    ...body,
    assignment_id: world.newId(),
    org_id: ofClass.org_id,
    ...instants(world, body),
    created_by: caller.user_id,
    created_at: at,
    updated_at: at,
    version: 1,
  };
}

function refuseOddDates({ opens_at, due_at, late_policy }: AssignmentRecord): void {
  if (opens_at !== null && due_at !== null && opens_at >= due_at)
    throw invalid(['body', 'due_at'], 'must be after opens_at');
  if (late_policy.kind !== 'penalty' || late_policy.until === null) return;
  const loc = ['body', 'late_policy', 'until'];
  if (due_at === null) throw invalid(loc, 'needs a due_at that it comes after');
  if (late_policy.until <= due_at) throw invalid(loc, 'must be after due_at');
}

const reference = ({
  class_id,
  exercise_id,
  assignment_id,
  opens_at,
}: AssignmentRecord): ClassAssignment => ({
  class_id,
  exercise_id,
  assignment_id,
  opens_at,
});

/** Counts what an exercise was given to, so that it is not deleted from under a class. */
const countAssignments = ({ table }: CodeWorld, exercise_id: string, by: 1 | -1): Write =>
  table.update(
    exercises,
    { exercise_id },
    by === 1
      ? {
          expression: 'ADD #assignment_count :by, #version :one',
          when: '#status = :published',
          values: { ':by': by, ':one': 1, ':published': 'published' },
          orElse: notPublished,
        }
      : { expression: 'ADD #assignment_count :by, #version :one', values: { ':by': by, ':one': 1 } },
  );

/** Tells the class; one that opens later tells its staff alone. */
const created = (world: CodeWorld, record: AssignmentRecord, title: string | null): Write => {
  const { assignment_id, class_id, exercise_id, opens_at, due_at } = record;
  const now = world.now();
  return world.table.insert(events, {
    topic: `assignment:${assignment_id}`,
    seq: 1,
    event_type: 'assignment.created',
    at: now.toISOString(),
    data: { assignment_id, class_id, exercise_id, title, opens_at, due_at },
    owner_id: hasOpened(record, now.toISOString()) ? null : record.created_by,
    fan_in: [`class:${class_id}`],
    expires_at: Math.floor(now.getTime() / 1000) + world.events_days * 86_400,
  });
};

export function updateAssignment(
  world: CodeWorld,
  caller: Caller,
  assignment_id: string,
  { version, ...changes }: Changes,
): Promise<Assignment> {
  const { table } = world;
  return retried(async () => {
    const seen = await taughtAssignment(world, caller, assignment_id);
    if (version !== undefined && version !== seen.version)
      throw conflict('assignment.changed', 'Somebody changed this assignment; read it before you change it.');
    const changed = { ...seen, ...given(changes), updated_at: world.now().toISOString() };
    const next: AssignmentRecord = { ...changed, ...instants(world, changed) };
    refuseOddDates(next);
    await table.write(
      table.replace(assignments, seen, next),
      ...(next.opens_at === seen.opens_at ? [] : [table.put(classAssignments, reference(next))]),
    );
    return viewAssignment(world, caller, { ...next, version: seen.version + 1 });
  });
}

const given = (changes: Omit<Changes, 'version'>): Partial<AssignmentRecord> =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));

const inUse = () =>
  conflict(
    'assignment.in_use',
    'Students have handed in work for this assignment; it stays. Set its due date instead.',
  );

/**
 * Takes an assignment back that nobody has worked for. From the last look at the work to its end nothing is handed in.
 *
 * @throws 409 `assignment.in_use`
 */
export async function deleteAssignment(
  world: CodeWorld,
  caller: Caller,
  assignment_id: string,
): Promise<void> {
  const { table } = world;
  await taughtAssignment(world, caller, assignment_id);
  if ((await standingsOf(world, assignment_id)).some(hasWork)) throw inUse();
  await assignmentGates.shut(table, assignment_id, world.now());
  await retried(async () => {
    const assignment = await taughtAssignment(world, caller, assignment_id);
    const standings = await standingsOf(world, assignment_id);
    if (standings.some(hasWork)) {
      await assignmentGates.open(table, assignment_id);
      throw inUse();
    }
    await table.write(...removal(world, assignment, standings));
  });
}

const standingsOf = ({ table }: CodeWorld, assignment_id: string): Promise<AssignmentStanding[]> =>
  table.queryAll(assignmentStandings, { pk: `assignment#${assignment_id}`, prefix: 'student#' });

/** Who has none may have an extension. */
const hasWork = ({ attempts }: AssignmentStanding): boolean => attempts > 0;

const removal = (
  world: CodeWorld,
  assignment: AssignmentRecord,
  standings: readonly AssignmentStanding[],
): Write[] => {
  const { table } = world;
  return [
    table.remove(assignments, assignment, {
      when: '#version = :seen',
      values: { ':seen': assignment.version },
    }),
    table.remove(classAssignments, assignment),
    countAssignments(world, assignment.exercise_id, -1),
    // a transaction has room for so many; what is left of more is out of sight
    ...standings.slice(0, 90).map((standing) => table.remove(assignmentStandings, standing)),
  ];
};
