import type { Caller, Reply, Request } from '#shared/contracts/operation.ts';
import type { schoolContract } from '#shared/contracts/school.ts';
import { conflict, notFound } from '#shared/errors.ts';
import { tie } from '#shared/table/change-user.ts';
import { classes } from '#shared/table/class.ts';
import { type EnrollmentRecord, enrolledIn, enrollments } from '#shared/table/enrollment.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { retried } from '#shared/table/retry.ts';
import type { Write } from '#shared/table/table.ts';
import type { UserRecord } from '#shared/table/user.ts';
import { personOf, reachedClass, unknown } from './access.ts';
import type { Keyed, World } from './world.ts';

type Contract = typeof schoolContract;
export type Enrollment = Reply<Contract['enroll']>;

const alreadyEnrolled = () => conflict('already_enrolled', 'Already enrolled');

/** Moves a class's counter in the transaction that fills or empties the class, which must exist. */
const countStudents = (world: World, class_id: string, by: number, orElse: () => Error): Write =>
  world.table.update(
    classes,
    { class_id },
    {
      expression: 'ADD #student_count :by, #version :one',
      values: { ':by': by, ':one': 1 },
      orElse,
    },
  );

interface How {
  readonly source: EnrollmentRecord['source'];
  readonly batch_id: string | null;
  /** Users made in the same transaction, which may name an item only once. */
  readonly newcomers?: ReadonlySet<string>;
  readonly classGone?: () => Error;
}

/** The writes that enrol students in one class; three or four a student, and one for the class. */
export function enrollmentWrites(
  world: World,
  class_id: string,
  students: readonly UserRecord[],
  how: How,
): Write[] {
  const { table } = world;
  const enrolled_at = world.now().toISOString();
  return [
    countStudents(world, class_id, students.length, how.classGone ?? unknown.class),
    ...students.flatMap((student) => [
      table.insert(
        enrollments,
        {
          class_id,
          student_id: student.user_id,
          student_name: student.name,
          source: how.source,
          batch_id: how.batch_id,
          enrolled_at,
        },
        alreadyEnrolled,
      ),
      table.insert(enrolledIn, { class_id, student_id: student.user_id }),
      ...(how.newcomers?.has(student.user_id) ? [] : [tie(table, student)]),
    ]),
  ];
}

export const studentOf = (world: World, student_id: string, org_id: string): Promise<UserRecord> =>
  personOf(world, student_id, org_id, ['student'], unknown.student);

/** Enrols one student; `find` reads the class and the student afresh, because a rename may come between. */
export function enrollOnce(
  world: World,
  request: {
    readonly caller: Caller;
    readonly operation: string;
    readonly key: string | undefined;
    readonly body: unknown;
  },
  source: EnrollmentRecord['source'],
  find: () => Promise<{ readonly class_id: string; readonly student: UserRecord }>,
  classGone: () => Error,
): Promise<Enrollment> {
  return idempotently(
    world.table,
    { ...request, now: world.now() },
    (once) =>
      retried(async () => {
        const { class_id, student } = await find();
        await world.table.write(
          ...once(`${class_id} ${student.user_id}`),
          ...enrollmentWrites(world, class_id, [student], { source, batch_id: null, classGone }),
        );
        return storedEnrollment(world, class_id, student.user_id);
      }),
    (result_id) => {
      const [class_id = '', student_id = ''] = result_id.split(' ');
      return storedEnrollment(world, class_id, student_id);
    },
  );
}

async function storedEnrollment(world: World, class_id: string, student_id: string): Promise<Enrollment> {
  const found = await world.table.get(enrollments, { class_id, student_id }, { consistent: true });
  if (!found) throw notFound('enrollment');
  return found;
}

export function enroll(
  world: World,
  caller: Caller,
  { body, idempotency_key: key }: Keyed<Request<Contract['enroll']>['body']>,
): Promise<Enrollment> {
  const { class_id, student_id } = body;
  const find = async () => {
    const { org_id } = await reachedClass(world, caller, class_id, unknown.class);
    return { class_id, student: await studentOf(world, student_id, org_id) };
  };
  return enrollOnce(world, { caller, operation: 'enroll', key, body }, 'manual', find, unknown.class);
}

export async function unenroll(
  world: World,
  caller: Caller,
  { class_id, student_id }: { readonly class_id: string; readonly student_id: string },
): Promise<void> {
  await reachedClass(world, caller, class_id);
  const orElse = () => notFound('enrollment');
  await world.table.write(
    world.table.remove(enrollments, { class_id, student_id }, { orElse }),
    world.table.remove(enrolledIn, { class_id, student_id }, { orElse }),
    countStudents(world, class_id, -1, () => notFound('class')),
  );
}
