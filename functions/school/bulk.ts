import type { Caller, Reply, Request } from '#shared/contracts/operation.ts';
import type { schoolContract } from '#shared/contracts/school.ts';
import { DomainError } from '#shared/errors.ts';
import { enrollments } from '#shared/table/enrollment.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { retried } from '#shared/table/retry.ts';
import { ConditionFailed } from '#shared/table/table.ts';
import { type UserRecord, users } from '#shared/table/user.ts';
import { reachedClass, unknown } from './access.ts';
import { enrollmentWrites } from './enrollments.ts';
import type { Keyed, World } from './world.ts';

type Contract = typeof schoolContract;
type Report = Reply<Contract['enrollBulk']>;
type Row = Report['rows'][number];

/** Three writes a student and one for the class, of the 100 that a transaction takes. */
const studentsPerTransaction = 33;

interface Batch {
  readonly class_id: string;
  readonly org_id: string;
  readonly batch_id: string;
}

/**
 * Enrols a list, each row on its own account. Every enrolment bears the batch's id, so a repetition with the
 * same key finishes what was cut off and tells its own rows from those who were there before.
 */
export async function enrollBulk(
  world: World,
  caller: Caller,
  { body, idempotency_key: key }: Keyed<Request<Contract['enrollBulk']>['body']>,
): Promise<Report> {
  const { class_id, student_ids } = body;
  const { org_id } = await reachedClass(world, caller, class_id, unknown.class);
  const run = (batch_id: string) => enrollRows(world, { class_id, org_id, batch_id }, student_ids);
  return idempotently(
    world.table,
    { caller, operation: 'enrollBulk', key, body, now: world.now() },
    async (once) => {
      const batch_id = world.newId();
      await world.table.write(...once(batch_id));
      return run(batch_id);
    },
    run,
  );
}

async function enrollRows(world: World, batch: Batch, student_ids: readonly string[]): Promise<Report> {
  const distinct = [...new Set(student_ids)];
  const outcomes = new Map<string, Row>();
  for (let from = 0; from < distinct.length; from += studentsPerTransaction)
    for (const row of await enrollChunk(world, batch, distinct.slice(from, from + studentsPerTransaction)))
      outcomes.set(row.student_id, row);

  const seen = new Set<string>();
  const rows = student_ids.map((student_id): Row => {
    const row = outcomes.get(student_id) ?? unknownStudent(student_id);
    const repeated = seen.has(student_id) && row.status !== 'unknown_student';
    seen.add(student_id);
    return repeated ? { student_id, status: 'already_enrolled', detail: 'Listed more than once' } : row;
  });
  const count = (status: Row['status']) => rows.filter((row) => row.status === status).length;
  return {
    class_id: batch.class_id,
    enrolled: count('enrolled'),
    already_enrolled: count('already_enrolled'),
    failed: count('unknown_student'),
    rows,
  };
}

const unknownStudent = (student_id: string): Row => ({
  student_id,
  status: 'unknown_student',
  detail: 'Student not found',
});

/** Whether another writer was first, with an enrolment or with a change of a student. */
const overtaken = (error: unknown): boolean =>
  error instanceof ConditionFailed ||
  (error instanceof DomainError && error.error_code === 'already_enrolled');

/** One transaction; when one of its students was changed meanwhile, halves of it, down to single students. */
async function enrollChunk(world: World, batch: Batch, ids: readonly string[]): Promise<Row[]> {
  const attempt = () =>
    enrollRead(world, batch, ids).catch((error: unknown) => {
      throw overtaken(error) ? new ConditionFailed(undefined) : error;
    });
  if (ids.length <= 1) return retried(attempt);
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const middle = Math.ceil(ids.length / 2);
    return [
      ...(await enrollChunk(world, batch, ids.slice(0, middle))),
      ...(await enrollChunk(world, batch, ids.slice(middle))),
    ];
  }
}

async function enrollRead(world: World, batch: Batch, ids: readonly string[]): Promise<Row[]> {
  const { class_id, org_id, batch_id } = batch;
  const [people, present] = await Promise.all([
    world.table.getMany(
      users,
      ids.map((user_id) => ({ user_id })),
    ),
    world.table.getMany(
      enrollments,
      ids.map((student_id) => ({ class_id, student_id })),
    ),
  ]);
  const enrolling: UserRecord[] = [];
  const rows = ids.map((student_id, at): Row => {
    const person = people[at];
    const before = present[at];
    if (before)
      return before.batch_id === batch_id
        ? { student_id, status: 'enrolled', detail: null }
        : { student_id, status: 'already_enrolled', detail: 'Already enrolled' };
    if (person?.role !== 'student' || person.org_id !== org_id) return unknownStudent(student_id);
    enrolling.push(person);
    return { student_id, status: 'enrolled', detail: null };
  });
  if (enrolling.length > 0)
    await world.table.write(...enrollmentWrites(world, class_id, enrolling, { source: 'bulk', batch_id }));
  return rows;
}
