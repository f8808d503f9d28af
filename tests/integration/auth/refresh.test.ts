import { describe, expect, test } from 'vitest';
import { logout, refreshTokens, startLogin } from '#functions/auth/tokens.ts';
import { WithHeaders } from '#shared/http/serve.ts';
import { logins } from '#shared/identity/logins.ts';
import { users } from '#shared/table/user.ts';
import { anAuthWorld, refused, resultOf } from './world.ts';

const { world, clock, person, signIn, identity, table } = await anAuthWorld();
const renew = async (token: string | null) => resultOf(await refreshTokens(world, token ?? undefined));
const generationOf = async (user_id: string) =>
  (await table.queryAll(logins, { pk: `user#${user_id}`, prefix: 'login#' })).map(
    ({ generation }) => generation,
  );

describe('a refresh token', () => {
  test('is exchanged for new tokens, of which the access token works', async () => {
    const first = await signIn(await person());
    const second = await renew(first.refresh_token);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(second).toMatchObject({ token_type: 'bearer', expires_in: 900 });
    expect(await refused(identity().authenticate(second.access_token))).toBe('allowed');
  });

  test('that was just exchanged gets the same successor: two tabs, a lost reply', async () => {
    const first = await signIn(await person());
    const second = await renew(first.refresh_token);
    clock.pass(20_000);
    expect((await renew(first.refresh_token)).refresh_token).toBe(second.refresh_token);
  });

  test('used again after 20 seconds ends the whole login, the thief’s part and the victim’s', async () => {
    const user = await person();
    const first = await signIn(user);
    const second = await renew(first.refresh_token);
    clock.pass(20_001);
    expect(await refused(renew(first.refresh_token))).toBe('unauthorized auth.refresh_invalid');
    expect(await refused(renew(second.refresh_token))).toBe('unauthorized auth.refresh_invalid');
    expect(await refused(identity().authenticate(second.access_token))).toBe('unauthorized auth.ended');
    expect(await generationOf(user.user_id)).toEqual([]);
  });

  test('that is two exchanges old ends the login, and no other login of the person', async () => {
    const user = await person();
    const [stolen, other] = [await signIn(user), await signIn(user)];
    const second = await renew(stolen.refresh_token);
    clock.pass(30_000);
    await renew(second.refresh_token);
    expect(await refused(renew(stolen.refresh_token))).toBe('unauthorized auth.refresh_invalid');
    expect(await refused(renew(other.refresh_token))).toBe('allowed');
  });

  test('within its 20 seconds keeps its sibling however often the other tab exchanges', async () => {
    const user = await person();
    const first = await signIn(user);
    let newest = first;
    for (let reload = 0; reload < 5; reload++) {
      newest = await renew(newest.refresh_token);
      clock.pass(2_000);
      expect(await refused(renew(first.refresh_token))).toBe('allowed');
    }
    expect(await generationOf(user.user_id)).toEqual([2]);
  });

  test.each([10, 30])(
    'presented %i times at once never revokes, and all agree on the successor',
    async (times) => {
      const user = await person();
      const first = await signIn(user);
      const all = await Promise.all(Array.from({ length: times }, () => renew(first.refresh_token)));
      expect(new Set(all.map(({ refresh_token }) => refresh_token)).size).toBe(1);
      expect(await generationOf(user.user_id)).toEqual([2]);
      clock.pass(25_000);
      expect(await refused(renew(all[0]?.refresh_token ?? ''))).toBe('allowed');
    },
  );

  test('goes on for as long as it is used, and ends after thirty days without', async () => {
    let { refresh_token } = await signIn(await person());
    for (let week = 0; week < 8; week++) {
      clock.pass(7 * 86_400_000);
      ({ refresh_token } = await renew(refresh_token));
    }
    clock.pass(30 * 86_400_000);
    expect(await refused(renew(refresh_token))).toBe('unauthorized auth.refresh_invalid');
  });

  test.each(['', 'v1.a.b.1.c', 'a.b.c', 'x'.repeat(512)])('that was invented (%j) is 401', async (token) => {
    expect(await refused(renew(token))).toBe('unauthorized auth.refresh_invalid');
  });

  test('of a disabled person is 401, and works again when they are let in', async () => {
    const user = await person();
    const { refresh_token } = await signIn(user);
    await table.write(table.replace(users, user, { ...user, disabled: true }));
    expect(await refused(renew(refresh_token))).toBe('unauthorized auth.refresh_invalid');
    await table.write(table.replace(users, { ...user, version: 2 }, user));
    expect(await refused(renew(refresh_token))).toBe('allowed');
  });

  test('ends at the logout, which is a success for anybody at any time', async () => {
    const { refresh_token } = await signIn(await person());
    for (const token of [refresh_token ?? '', refresh_token ?? '', 'nonsense', undefined])
      expect(await refused(logout(world, token))).toBe('allowed');
    expect(await refused(renew(refresh_token))).toBe('unauthorized auth.refresh_invalid');
  });
});

describe('as a cookie', () => {
  const cookieOf = (result: unknown): string => {
    if (!(result instanceof WithHeaders)) throw new Error('no cookie was set');
    return result.cookies.join('\n');
  };
  test('it is HttpOnly, SameSite=Strict, bound to /api/auth, and not in the body', async () => {
    const result = await startLogin(world, await person(), true);
    expect(resultOf(result).refresh_token).toBeNull();
    expect(cookieOf(result)).toMatch(
      /^lyceum_refresh=v1\.[\w.-]+; Path=\/api\/auth; HttpOnly; SameSite=Strict; Max-Age=2592000$/,
    );
  });

  test('it is Secure where the school is reached over TLS only', async () => {
    const secure = { ...world, origins: ['https://school.example'] };
    expect(cookieOf(await startLogin(secure, await person(), true))).toMatch(/; Secure$/);
    expect(cookieOf(await logout(secure, undefined))).toMatch(/; Secure$/);
  });

  test('its exchange sets the next cookie, and the logout takes it away', async () => {
    const set = cookieOf(await startLogin(world, await person(), true));
    const token = /=([^;]+)/.exec(set)?.[1];
    const next = await refreshTokens(world, token);
    expect(cookieOf(next)).not.toContain(token);
    expect(resultOf(next).refresh_token).toBeNull();
    expect(cookieOf(await logout(world, token))).toContain(
      'lyceum_refresh=; Path=/api/auth; HttpOnly; SameSite=Strict; Max-Age=0',
    );
  });
});
