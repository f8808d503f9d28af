import type { Role } from '#shared/contracts/operation.ts';
import { normalizeCode, readableCode } from '#shared/identity/reset-code.ts';
import { derivedId } from '#shared/ids.ts';
import { assignments, classAssignments } from '#shared/table/assignment.ts';
import { classes, joinCodes, staff, staffOf } from '#shared/table/class.ts';
import { enrolledIn, enrollments } from '#shared/table/enrollment.ts';
import { exercises } from '#shared/table/exercise.ts';
import { guardianLinks, guardianOf } from '#shared/table/guardian.ts';
import { newUserWrites } from '#shared/table/new-user.ts';
import { demoPeople } from '#shared/table/seed.ts';
import type { Table, Write } from '#shared/table/table.ts';
import type { UserRecord } from '#shared/table/user.ts';
import { exerciseIdOf, type Root, type SetupWorld, unlessThere } from './content.ts';

interface Person {
  readonly username: string;
  readonly name: string;
  readonly role: Role;
}

const teacher: Person = { username: 'demo.jiwoo', name: '한지우', role: 'teacher' };
const guardian: Person = { username: 'demo.younghee', name: '김영희', role: 'guardian' };
/** The first is the one as whom one looks around, and the guardian's child. */
const firstStudent: Person = { username: 'demo.mina', name: '김민아', role: 'student' };
const classmates: readonly Person[] = [
  { username: 'demo.seojun', name: '이서준', role: 'student' },
  { username: 'demo.haeun', name: '박하은', role: 'student' },
  { username: 'demo.doyun', name: '최도윤', role: 'student' },
  { username: 'demo.amara', name: 'Amara Okafor', role: 'student' },
  { username: 'demo.lucas', name: 'Lucas Moreau', role: 'student' },
  { username: 'demo.lan', name: 'Nguyễn Thị Lan', role: 'student' },
  { username: 'demo.sofia', name: 'Sofía García', role: 'student' },
];

const dayMs = 86_400_000;

/** Exercises that the class was given, and in how many days they are due. */
const homework = [
  { slug: 'snack-receipt', days: 3, late_policy: { kind: 'accept' }, max_attempts: null },
  {
    slug: 'umbrella-or-not',
    days: 7,
    late_policy: { kind: 'penalty', percent_per_day: 10, until: null },
    max_attempts: 10,
  },
] as const;

/**
 * A demo school’s teacher, guardian, class and students, once. None of them has a password: one looks around as them
 * by the buttons of the sign-in page, on the machine itself only.
 */
export async function makeDemoSchool(world: SetupWorld, root: Root): Promise<void> {
  const { table } = world;
  if (await table.get(demoPeople, {}, { consistent: true })) return;
  const user = (person: Person) => demoUser(world, root, person);
  const [teacherUser, guardianUser, student] = [user(teacher), user(guardian), user(firstStudent)];
  const students = [student, ...classmates.map(user)];
  for (const one of [teacherUser, guardianUser, ...students])
    await unlessThere(table, newUserWrites(table, one, { grade: '10' }));
  const created_at = world.now().toISOString();
  await unlessThere(table, [
    table.insert(demoPeople, {
      teacher: teacherUser.user_id,
      student: student.user_id,
      guardian: guardianUser.user_id,
      created_at,
    }),
    ...classWrites(table, root, teacherUser, students, created_at),
    ...linkWrites(table, guardianUser, student, created_at),
    ...(await homeworkWrites(world, root, teacherUser)),
  ]);
}

function demoUser({ now }: SetupWorld, { org_id, admin_user_id }: Root, person: Person): UserRecord {
  const at = now().toISOString();
  return {
    ...person,
    user_id: derivedId(org_id, 'demo', person.username),
    email: null,
    org_id,
    locale: 'en',
    password_hash: null,
    must_change_password: false,
    disabled: false,
    external_ids: {},
    created_by: admin_user_id,
    created_at: at,
    updated_at: at,
    version: 1,
  };
}

export const classIdOf = ({ org_id }: Root): string => derivedId(org_id, 'demo', 'class');

function classWrites(
  table: Table,
  root: Root,
  { user_id, name }: UserRecord,
  students: readonly UserRecord[],
  at: string,
): Write[] {
  const class_id = classIdOf(root);
  const join_code = readableCode(8, 4);
  return [
    table.insert(classes, {
      class_id,
      org_id: root.org_id,
      teacher_id: user_id,
      name: 'Programming 10',
      subject: 'Computer science',
      grade: '10',
      join_code,
      leaderboard: 'anonymous',
      student_count: students.length,
      staff_count: 1,
      meta: {},
      external_ids: {},
      created_at: at,
      updated_at: at,
      version: 1,
    }),
    table.insert(joinCodes, { code: normalizeCode(join_code), class_id }),
    table.insert(staff, { class_id, user_id, name, role: 'teacher', added_at: at }),
    table.insert(staffOf, { class_id, user_id, role: 'teacher' }),
    ...students.flatMap((student) => [
      table.insert(enrollments, {
        class_id,
        student_id: student.user_id,
        student_name: student.name,
        source: 'manual',
        batch_id: null,
        enrolled_at: at,
      }),
      table.insert(enrolledIn, { class_id, student_id: student.user_id }),
    ]),
  ];
}

const linkWrites = (table: Table, by: UserRecord, student: UserRecord, linked_at: string): Write[] => {
  const [guardian_id, student_id] = [by.user_id, student.user_id];
  return [
    table.insert(guardianLinks, {
      guardian_id,
      guardian_name: by.name,
      student_id,
      student_name: student.name,
      linked_at,
    }),
    table.insert(guardianOf, { student_id, guardian_id }),
  ];
};

/** Two exercises of the starting content, where the school has it. */
async function homeworkWrites(
  { table, now }: SetupWorld,
  root: Root,
  { user_id }: UserRecord,
): Promise<Write[]> {
  const at = now().toISOString();
  const class_id = classIdOf(root);
  const known = await table.getMany(
    exercises,
    homework.map(({ slug }) => ({ exercise_id: exerciseIdOf(root, slug) })),
  );
  return homework.flatMap(({ slug, days, late_policy, max_attempts }, index) => {
    const exercise_id = known[index]?.exercise_id;
    if (exercise_id === undefined) return [];
    const assignment_id = derivedId(root.org_id, 'demo', 'assignment', slug);
    const due_at = new Date(now().getTime() + days * dayMs).toISOString();
    const dates = { opens_at: null, due_at, created_at: at, updated_at: at };
    const rules = { title: null, late_policy, max_attempts, cooldown_s: 0, review: 'on_request' as const };
    return [
      table.insert(assignments, {
        ...dates,
        ...rules,
        assignment_id,
        org_id: root.org_id,
        class_id,
        exercise_id,
        created_by: user_id,
        version: 1,
      }),
      table.insert(classAssignments, { class_id, exercise_id, assignment_id, opens_at: null }),
      table.update(
        exercises,
        { exercise_id },
        { expression: 'ADD #assignment_count :one, #version :one', values: { ':one': 1 } },
      ),
    ];
  });
}
