import '#tests/support/quiet.ts';
import { describe, expect, test } from 'vitest';
import { hashPassword } from '#shared/identity/password.ts';
import { users } from '#shared/table/user.ts';
import { refusedWith } from '#tests/support/refusal.ts';
import { aSchool } from '#tests/support/school.ts';

const school = await aSchool();
const password = 'correct horse battery';
const password_hash = await hashPassword(password);
const anybody = school.clients();

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  school.fetch(`${school.origin}/api/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const cookieOf = (response: Response): string => response.headers.getSetCookie().join('\n');
const me = (token: string) => school.clients(token).auth.me({});

describe('over HTTP', () => {
  test('a student registers, signs in, changes their name, signs out, and is out', async () => {
    const email = '민아@학교.example';
    const { user } = await anybody.auth.register({
      body: { email, password, name: '김민아'.normalize('NFD') },
    });
    expect(user).toMatchObject({ email, name: '김민아', role: 'student', org_id: school.org_id });
    const tokens = await anybody.auth.login({ body: { email, password } });
    const own = school.clients(tokens.access_token);
    expect(await own.auth.me({})).toEqual(user);
    expect((await own.auth.updateMe({ body: { name: '김 민아', locale: 'ko' } })).name).toBe('김 민아');
    await anybody.auth.logout({ body: { refresh_token: tokens.refresh_token ?? '' } });
    const refresh = anybody.auth.refresh({ body: { refresh_token: tokens.refresh_token ?? '' } });
    expect((await refusedWith(refresh)).summary).toBe('401 auth.refresh_invalid');
  });

  test('a wrong password and an unknown person have the same reply but for its id and time', async () => {
    const { email } = await school.person('student', { password_hash });
    const replies = await Promise.all([
      post('login', { email, password: 'x' }),
      post('login', { email: 'nobody@school.example', password: 'x' }),
    ]);
    const bodies = await Promise.all(
      replies.map(async (reply) => ({ ...((await reply.json()) as object), timestamp: '', request_id: '' })),
    );
    expect(replies.map(({ status }) => status)).toEqual([401, 401]);
    expect(bodies[0]).toEqual(bodies[1]);
    expect([...(replies[0]?.headers.keys() ?? [])]).toEqual([...(replies[1]?.headers.keys() ?? [])]);
  });

  test('the eleventh wrong guess is 429 with Retry-After, and so is the right password', async () => {
    const { email } = await school.person('student', { password_hash });
    for (let guess = 0; guess < 10; guess++)
      expect((await post('login', { email, password: `x${guess}` })).status).toBe(401);
    for (const guess of ['x', password]) {
      const reply = await post('login', { email, password: guess });
      expect([reply.status, Number(reply.headers.get('retry-after'))]).toEqual([429, expect.closeTo(30, -1)]);
    }
  });

  test('the refresh token travels as a cookie where that is asked for', async () => {
    const { email } = await school.person('student', { password_hash });
    const signedIn = await post('login', { email, password, cookie: true });
    expect(await signedIn.json()).toMatchObject({ refresh_token: null, token_type: 'bearer' });
    expect(cookieOf(signedIn)).toMatch(
      /^lyceum_refresh=.+; Path=\/api\/auth; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
    );
    const cookie = cookieOf(signedIn).split(';')[0] ?? '';
    const renewed = await post('refresh', {}, { cookie: `other=1; ${cookie}; more=a=b` });
    expect(renewed.status).toBe(200);
    const next = cookieOf(renewed).split(';')[0] ?? '';
    expect(next).not.toBe(cookie);
    const out = await post('logout', {}, { cookie: next });
    expect([out.status, cookieOf(out)]).toEqual([204, expect.stringContaining('lyceum_refresh=; ')]);
    expect((await post('refresh', {}, { cookie: next })).status).toBe(401);
    expect((await post('refresh', {})).status).toBe(401);
  });

  test('e-mail and username together, neither of them, and unknown fields are 422', async () => {
    for (const body of [
      { password },
      { email: 'a@b', username: 'a', password },
      { email: 'a@b', password, admin: true },
      { email: 'a@b' },
      { email: 'a@b', password: '' },
    ])
      expect((await post('login', body)).status).toBe(422);
  });

  test.each([
    'no-at-sign',
    'two@@at',
    'a b@c',
    '@b',
    'a@',
    `${'a'.repeat(65)}@b`,
    `a@${'b'.repeat(300)}`,
    'a\u0000@b',
    'a\u202e@b',
    `${'ﷺ'.repeat(60)}@b`,
    '"a"@b',
  ])('nobody registers as %j', async (email) => {
    expect((await post('register', { email, password, name: 'X' })).status).toBe(422);
  });

  test('a token of a person says nothing to /api/auth/me once they are disabled', async () => {
    const person = await school.person('teacher');
    expect((await me(person.token)).role).toBe('teacher');
    const user = await school.table.get(users, person, { consistent: true });
    if (user) await school.table.write(school.table.replace(users, user, { ...user, disabled: true }));
    await new Promise((resolve) => setTimeout(resolve, 5_100));
    expect((await refusedWith(me(person.token))).summary).toBe('401 auth.ended');
  });
});

describe('the published keys', () => {
  test('verify the tokens, and hold nothing private', async () => {
    const { keys } = await anybody.platform.jwks({});
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' });
    expect(keys[0]).not.toHaveProperty('d');
  });
});
