import type { Role } from '#shared/contracts/operation.ts';
import { hashPassword } from '#shared/identity/password.ts';
import type { Person, School } from '#tests/support/school.ts';
import { type Whose, whoses } from './subject.ts';

export const password = 'a heron, an otter, a lake';

/** A class with one of each: whom they are to each other is what every scope word is about. */
export interface Circle {
  readonly org_id: string;
  readonly class_id: string;
  readonly join_code: string;
  readonly student: Person;
  readonly guardian: Person;
  readonly assistant: Person;
  readonly teacher: Person;
  readonly org_admin: Person;
}

/** Who calls, and three circles: theirs, one beside it in the same organisation, one of another organisation. */
export interface Cast {
  readonly school: School;
  readonly platform_admin: Person;
  readonly callers: Readonly<Record<Role, Person>>;
  readonly circles: Readonly<Record<Whose, Circle>>;
  /** A different text each time. */
  readonly unique: () => string;
}

async function aCircle(school: School, org_id: string, password_hash: string): Promise<Circle> {
  const person = (role: Role) => school.person(role, { org_id, password_hash });
  const [student, guardian, assistant, teacher, org_admin] = await Promise.all([
    person('student'),
    person('guardian'),
    person('assistant'),
    person('teacher'),
    person('org_admin'),
  ]);
  const { class_id, join_code } = await teacher.school.createClass({ body: { name: 'Circle' } });
  const student_id = student.user_id;
  await teacher.school.enroll({ body: { class_id, student_id } });
  await teacher.school.putStaff({
    params: { class_id, user_id: assistant.user_id },
    body: { role: 'assistant' },
  });
  await teacher.school.linkGuardian({ body: { guardian_id: guardian.user_id, student_id } });
  return { org_id, class_id, join_code: join_code ?? '', student, guardian, assistant, teacher, org_admin };
}

export async function createCast(school: School): Promise<Cast> {
  const password_hash = await hashPassword(password);
  const organizations: Readonly<Record<Whose, string>> = {
    own: school.org_id,
    other: school.org_id,
    foreign: await school.organization('Elsewhere'),
  };
  const [own, other, foreign] = await Promise.all(
    whoses.map((whose) => aCircle(school, organizations[whose], password_hash)),
  );
  if (!own || !other || !foreign) throw new Error('three circles are needed');
  const platform_admin = await school.person('platform_admin', { password_hash });
  let number = 0;
  return {
    school,
    platform_admin,
    callers: { ...own, platform_admin },
    circles: { own, other, foreign },
    unique: () => `unique-${++number}`,
  };
}
