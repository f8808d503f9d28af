import '#tests/support/quiet.ts';
import { expect, test } from 'vitest';
import { demoSignIn, listDemoRoles } from '#functions/auth/demo.ts';
import { DomainError } from '#shared/errors.ts';
import { demoPeople } from '#shared/table/seed.ts';
import { users } from '#shared/table/user.ts';
import { anAuthWorld, resultOf } from './world.ts';

const { world: real, person } = await anAuthWorld();
const { table } = real;
const world = { ...real, settings: { ...real.settings, demo_sign_in: true } };
const [teacher, student, guardian] = [
  await person('teacher'),
  await person('student'),
  await person('guardian'),
];
await table.write(
  table.insert(demoPeople, {
    teacher: teacher.user_id,
    student: student.user_id,
    guardian: guardian.user_id,
    created_at: '2026-11-20T09:30:00.000Z',
  }),
);

const here = { address: '127.0.0.1', host: '127.0.0.1:8080' };
const signIn = async (
  viewer: { address: string; host: string | undefined },
  role: 'teacher' | 'student' | 'guardian' = 'student',
  where = world,
) => {
  try {
    const { user } = resultOf(await demoSignIn(where, { role, cookie: false }, viewer));
    return user.user_id;
  } catch (error) {
    if (error instanceof DomainError) return error.error_code;
    throw error;
  }
};

test('in a demo school one signs in from the machine itself as its teacher, student and guardian', async () => {
  expect(await listDemoRoles(world, here)).toEqual({ roles: ['teacher', 'student', 'guardian'] });
  expect(await signIn(here, 'teacher')).toBe(teacher.user_id);
  expect(await signIn(here, 'student')).toBe(student.user_id);
  expect(await signIn(here, 'guardian')).toBe(guardian.user_id);
});

test.each([
  ['::1', '[::1]:8080'],
  ['::ffff:127.0.0.1', 'localhost:8080'],
  ['127.9.8.7', '127.0.0.1'],
])('%s asking %s is the machine itself', async (address, host) => {
  expect(await signIn({ address, host })).toBe(student.user_id);
});

test.each([
  ['a phone in the same network', '192.168.0.7', '192.168.0.2:8080'],
  ['the internet', '203.0.113.7', 'demo.lyceum.example'],
  ['a viewer behind CloudFront who asks for localhost', '203.0.113.7', 'localhost'],
  ['a tunnel to this machine', '127.0.0.1', 'abc.tunnel.example'],
  ['an address that only begins so', '127.0.0.1.evil.example', '127.0.0.1'],
  ['no address', '', '127.0.0.1'],
  ['a mapped address from elsewhere', '::ffff:203.0.113.7', '127.0.0.1'],
])('from %s there is no such thing', async (_, address, host) => {
  expect(await listDemoRoles(world, { address, host })).toEqual({ roles: [] });
  expect(await signIn({ address, host })).toBe('demo.not_found');
});

test('a school that is no demo has no such thing, not even on its own machine', async () => {
  const other = { ...real, settings: { ...real.settings, demo_sign_in: false } };
  expect(await listDemoRoles(other, here)).toEqual({ roles: [] });
  expect(await signIn(here, 'teacher', other)).toBe('demo.not_found');
});

test('somebody with another role by now, or disabled, is nobody’s to be', async () => {
  await table.write(table.replace(users, teacher, { ...teacher, role: 'org_admin' }));
  await table.write(table.replace(users, guardian, { ...guardian, disabled: true }));
  expect(await listDemoRoles(world, here)).toEqual({ roles: ['student'] });
  expect(await signIn(here, 'teacher')).toBe('demo.not_found');
  expect(await signIn(here, 'guardian')).toBe('demo.not_found');
});
