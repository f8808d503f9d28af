import type { Exercise, ExerciseInput, exerciseOperations } from '#shared/contracts/exercises.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import { conflict, invalid } from '#shared/errors.ts';
import {
  type ExerciseRecord,
  type ExerciseVersion,
  exercises,
  exerciseVersions,
  publishedExercises,
  versionStates,
} from '#shared/table/exercise.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import {
  newExercise,
  newExerciseWrites,
  newVersion,
  summaryOf,
  type WrittenExercise,
} from '#shared/table/new-exercise.ts';
import { retried } from '#shared/table/retry.ts';
import type { Write } from '#shared/table/table.ts';
import { refuseLongSource } from '../source.ts';
import type { CodeWorld } from '../world.ts';
import { ownExercise, readableExercise } from './access.ts';
import { versionOf, viewExercise } from './view.ts';

type Changes = Request<(typeof exerciseOperations)['updateExercise']>['body'];

/** A version is one item of the table, which takes 400 KB, and travels to the grader whole. */
const maxBytes = 256 * 1024;

function refuseTooLarge(written: WrittenExercise): void {
  const bytes = Buffer.byteLength(JSON.stringify(written));
  if (bytes > maxBytes)
    throw invalid(
      ['body'],
      `all parts of an exercise together may have 256 KB; these have ${Math.ceil(bytes / 1024)} KB`,
      'too_big',
    );
}

/** What nobody could hand in is no solution, and no beginning of one. */
function refuseLongPrograms(
  world: CodeWorld,
  { solution_code = '', starter_code = '' }: Pick<Changes, 'solution_code' | 'starter_code'>,
): void {
  refuseLongSource(world, solution_code, 'solution_code');
  refuseLongSource(world, starter_code, 'starter_code');
}

/** Writes a new exercise; what it was made from (`body`) is what a repeated request must repeat. */
export function createExercise(
  world: CodeWorld,
  caller: Caller,
  request: {
    readonly operation: 'createExercise' | 'importExercise';
    readonly key: string | undefined;
    readonly body: unknown;
    readonly read: () => ExerciseInput;
  },
): Promise<Exercise> {
  const { operation, key, body } = request;
  return idempotently(
    world.table,
    { caller, operation, key, body, now: world.now() },
    async (once) => {
      const input = request.read();
      refuseLongPrograms(world, input);
      refuseTooLarge(input);
      const exercise_id = world.newId();
      const made = { by: caller.user_id, at: world.now().toISOString() };
      const exercise = newExercise({ exercise_id, org_id: caller.org_id }, input, made);
      await world.table.write(...once(exercise_id), ...newExerciseWrites(world.table, exercise));
      return viewExercise(world, caller, exercise.head);
    },
    async (exercise_id) => viewExercise(world, caller, await readableExercise(world, caller, exercise_id)),
  );
}

/** Changes what students get with the next publication, and `practice` and `status` at once. */
export function updateExercise(
  world: CodeWorld,
  caller: Caller,
  exercise_id: string,
  { version: seenVersion, status, practice, ...changes }: Changes,
): Promise<Exercise> {
  return retried(async () => {
    const head = await ownExercise(world, caller, exercise_id);
    if (seenVersion !== undefined && seenVersion !== head.newest_version)
      throw conflict(
        'exercise.changed',
        `There is a version ${head.newest_version} by now; yours was ${seenVersion}. Read it before you change it.`,
      );
    const next: ExerciseRecord = {
      ...head,
      ...statusChange(head, status),
      practice: practice ?? head.practice,
    };
    const before = await versionOf(world, exercise_id, head.newest_version);
    const written = { ...writtenOf(before), ...given(changes) };
    const changed = changedFields(before, written);
    if (changed.length === 0 && sameHead(head, next)) return viewExercise(world, caller, head);

    const at = world.now().toISOString();
    next.updated_at = at;
    const writes: Write[] = publishedWrites(world, head, next);
    if (changed.length > 0) {
      refuseLongPrograms(world, changes);
      refuseTooLarge(written);
      next.newest_version = head.newest_version + 1;
      Object.assign(next, summaryOf(written));
      const { version, state } = newVersion(
        { exercise_id, version_number: next.newest_version },
        written,
        { by: caller.user_id, at },
        { tests: before.tests, changed },
      );
      writes.push(world.table.insert(exerciseVersions, version), world.table.insert(versionStates, state));
    }
    await world.table.write(world.table.replace(exercises, head, next), ...writes);
    return viewExercise(world, caller, { ...next, version: head.version + 1 });
  });
}

/** The fields that a change names. */
const given = (changes: Omit<Changes, 'version' | 'status' | 'practice'>): Partial<WrittenExercise> =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));

/** What an author wrote of a version. */
export function writtenOf(version: ExerciseVersion): WrittenExercise {
  const {
    exercise_id: _id,
    version_number: _number,
    created_by: _by,
    created_at: _at,
    expires_at: _end,
    ...rest
  } = version;
  return { ...rest, tests: version.tests.map(({ id: _test, ...test }) => test) };
}

function changedFields(before: ExerciseVersion, after: WrittenExercise): string[] {
  const earlier = new Map(Object.entries(writtenOf(before)));
  return Object.entries(after)
    .filter(([field, value]) => canonical(value) !== canonical(earlier.get(field)))
    .map(([field]) => field);
}

/** The same text for the same value, in whatever order its keys came. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

const sameHead = (a: ExerciseRecord, b: ExerciseRecord): boolean =>
  a.status === b.status && a.practice === b.practice && a.published_version === b.published_version;

/** Archived, students keep what their classes were given; a draft again, nobody has it. */
function statusChange(head: ExerciseRecord, status: Changes['status']): Partial<ExerciseRecord> {
  if (status === undefined || status === head.status) return {};
  if (status === 'archived') return { status };
  if (head.assignment_count > 0)
    throw conflict(
      'exercise.in_use',
      'Classes were given this exercise: archive it, or take the assignments back first.',
    );
  return { status, published_version: null };
}

/** Keeps what students see in step with the exercise. */
function publishedWrites({ table }: CodeWorld, before: ExerciseRecord, after: ExerciseRecord): Write[] {
  if (before.published_version === null || sameHead(before, after)) return [];
  if (after.published_version === null) return [table.remove(publishedExercises, before)];
  return [
    table.update(publishedExercises, before, {
      expression: 'SET #status = :status, #practice = :practice',
      values: { ':status': after.status, ':practice': after.practice },
    }),
  ];
}
