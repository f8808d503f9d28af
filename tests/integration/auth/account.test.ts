import { describe, expect, test } from 'vitest';
import { changePassword, login, readMe, register, resetPassword, updateMe } from '#functions/auth/account.ts';
import { resetCodeWrite } from '#shared/identity/reset-code.ts';
import { takeToken } from '#shared/identity/throttle.ts';
import type { UserRecord } from '#shared/table/user.ts';
import { anAuthWorld, callerOf, password, refused, resultOf } from './world.ts';

const { world, clock, person, signIn, identity, table, org_id } = await anAuthWorld();
const home = '203.0.113.7';
const signsIn = async (user: Pick<UserRecord, 'email'>, guess = password, address = home) =>
  refused(login(world, { email: user.email ?? '', password: guess, cookie: false }, address));
const wrong = 'unauthorized auth.credentials';
const throttled = 'too_many rate.limited';

describe('signing in', () => {
  test('works by e-mail address and by username, whatever the case or the width of the letters', async () => {
    await person('teacher', { email: 'Mina.Kim@School.example', username: '민아.김' });
    for (const given of [
      { email: 'mina.kim@school.EXAMPLE' },
      { email: 'ＭＩＮＡ.kim@school.example' },
      { username: '민아.김'.normalize('NFD') },
    ]) {
      const tokens = resultOf(await login(world, { ...given, password, cookie: false }, home));
      expect(tokens.user).toMatchObject({ email: 'Mina.Kim@School.example', role: 'teacher' });
      expect(JSON.stringify(tokens)).not.toContain('argon2');
    }
  });

  test('an unknown person, a wrong password, a disabled account and one without password look the same', async () => {
    const [known, disabled, bare] = [
      await person(),
      await person('student', { disabled: true }),
      await person('student', { password_hash: null }),
    ];
    const answers = await Promise.all(
      [
        { email: 'nobody@school.example', password },
        { email: known.email ?? '', password: 'wrong' },
        { email: disabled.email ?? '', password },
        { email: bare.email ?? '', password: '' },
        { username: 'nobody', password },
        { email: `${'ﷺ'.repeat(60)}@x`, password },
        { email: 'user#x\u0000', password },
      ].map((given) =>
        login(world, { ...given, cookie: false }, home).then(
          () => 'allowed',
          (error: Error) => `${error.name} ${error.message}`,
        ),
      ),
    );
    expect(new Set(answers)).toEqual(new Set(['DomainError E-mail address, username or password is wrong.']));
  });

  test('an unknown person costs as much time as a wrong password', async () => {
    const known = await person();
    const elapsed = async (email: string): Promise<number> => {
      const before = performance.now();
      await signsIn({ email }, 'wrong', `${Math.random()}`);
      return performance.now() - before;
    };
    await elapsed('warm@school.example');
    const [there, missing] = [await elapsed(known.email ?? ''), await elapsed('nobody@school.example')];
    // coarse: without the hash of 19 MiB it would be a tenth
    expect(missing).toBeGreaterThan(there / 4);
  });

  test('after ten wrong guesses there is a wait of half a minute, for the right password too, and for nobody else', async () => {
    const [mina, joon] = [await person(), await person()];
    for (let guess = 0; guess < 10; guess++) expect(await signsIn(mina, `guess ${guess}`)).toBe(wrong);
    const refusal = await login(world, { email: mina.email ?? '', password, cookie: false }, home).catch(
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({ kind: 'too_many', retry_after_s: 30 });
    expect(await signsIn(joon)).toBe('allowed');
    expect(await signsIn(mina, password, '198.51.100.9')).toBe('allowed');
    clock.pass(29_000);
    expect(await signsIn(mina)).toBe(throttled);
    clock.pass(1_000);
    expect(await signsIn(mina)).toBe('allowed');
  });

  test('a success gives the guesses back', async () => {
    const mina = await person();
    for (let round = 0; round < 2; round++) {
      for (let guess = 0; guess < 9; guess++) expect(await signsIn(mina, 'wrong')).toBe(wrong);
      expect(await signsIn(mina)).toBe('allowed');
    }
  });

  test('guesses that come all at once are counted each', async () => {
    const mina = await person();
    const answers = await Promise.all(Array.from({ length: 25 }, () => signsIn(mina, 'wrong')));
    expect(answers.filter((answer) => answer === wrong)).toHaveLength(10);
    expect(answers.filter((answer) => answer === throttled)).toHaveLength(15);
  });

  test('a whole class behind one address that signs in at once gets in', async () => {
    const pupils = await Promise.all(Array.from({ length: 15 }, () => person()));
    const answers = await Promise.all(pupils.map((pupil) => signsIn(pupil, password, '198.51.100.77')));
    expect(new Set(answers)).toEqual(new Set(['allowed']));
  });
});

describe('a token bucket', () => {
  const size = { capacity: 20, refill_per_s: 1 };
  test('under a hundred takers at once gives exactly what it holds', async () => {
    const taken = await Promise.all(
      Array.from({ length: 100 }, () => refused(takeToken(table, 'crowd', size, clock.now()))),
    );
    expect(taken.filter((answer) => answer === 'allowed')).toHaveLength(20);
    clock.pass(3_000);
    const later = await Promise.all(
      Array.from({ length: 10 }, () => refused(takeToken(table, 'crowd', size, clock.now()))),
    );
    expect(later.filter((answer) => answer === 'allowed')).toHaveLength(3);
  });

  test('never holds more than its capacity', async () => {
    await takeToken(table, 'rested', size, clock.now());
    clock.pass(86_400_000);
    const taken = await Promise.all(
      Array.from({ length: 30 }, () => refused(takeToken(table, 'rested', size, clock.now()))),
    );
    expect(taken.filter((answer) => answer === 'allowed')).toHaveLength(20);
  });
});

describe('registering', () => {
  const registers = (email: string, more: { name?: string; password?: string } = {}) =>
    register(world, { email, password: 'correct horse battery', name: '홍길동', ...more }, home);

  test('makes a student of the school’s organisation who can sign in', async () => {
    const { user } = await registers('길동@학교.example');
    expect(user).toMatchObject({
      name: '홍길동',
      email: '길동@학교.example',
      role: 'student',
      org_id,
      must_change_password: false,
    });
    expect(await signsIn({ email: '길동@학교.example'.normalize('NFD') })).toBe('allowed');
  });

  test('with an address that is taken is 409, also in other letters', async () => {
    await registers('taken@school.example');
    for (const email of ['taken@school.example', 'TAKEN@school.example', 'ｔａｋｅｎ@school.example'])
      expect(await refused(registers(email))).toBe('conflict user.email_taken');
  });

  test('twenty at once with one address makes one account', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => refused(registers('race@school.example'))),
    );
    expect(answers.filter((answer) => answer === 'allowed')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'conflict user.email_taken')).toHaveLength(19);
  });

  test('a class of fifteen at once makes fifteen accounts', async () => {
    const answers = await Promise.all(
      Array.from({ length: 15 }, (_, at) => refused(registers(`pupil-${at}@school.example`))),
    );
    expect(new Set(answers)).toEqual(new Set(['allowed']));
  });

  test('with a weak password is 422', async () => {
    for (const weak of [
      'password1',
      'weak@school.example',
      '홍길동홍길동'.slice(0, 3) + '홍길동홍길동'.slice(3),
    ])
      expect(await refused(registers('weak@school.example', { password: weak, name: '홍길동홍길동' }))).toBe(
        'invalid weak_password',
      );
  });

  test('is 403 where the school makes the accounts', async () => {
    const closed = { ...world, settings: { ...world.settings, self_registration: 'off' as const } };
    const call = register(
      closed,
      { email: 'x@school.example', password: 'correct horse battery', name: 'X' },
      home,
    );
    expect(await refused(call)).toBe('forbidden auth.registration_closed');
  });
});

describe('a one-time code', () => {
  const codeFor = async (user: UserRecord): Promise<string> => {
    const { write, code } = resetCodeWrite(table, { user_id: user.user_id, now: clock.now() });
    await table.write(write);
    return code;
  };
  const resets = (code: string, next = 'a new long password') =>
    refused(resetPassword(world, { code, password: next }, home));

  test('sets a password once, ends every login and the need to change it', async () => {
    const user = await person('student', { must_change_password: true });
    const before = await signIn(user);
    const code = await codeFor(user);
    expect(await resets(code.toLowerCase().replaceAll('-', ' '))).toBe('allowed');
    expect(await resets(code)).toBe('invalid code_unknown');
    expect(await refused(identity().authenticate(before.access_token))).toBe('unauthorized auth.ended');
    expect(await signsIn(user)).toBe(wrong);
    expect(await signsIn(user, 'a new long password')).toBe('allowed');
    expect((await readMe(world, callerOf(user))).must_change_password).toBe(false);
  });

  test('used ten times at once works once', async () => {
    const code = await codeFor(await person());
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => resets(code, `password number ${at}`)),
    );
    expect(answers.filter((answer) => answer === 'allowed')).toHaveLength(1);
  });

  test('is not kept from a school behind one address: wrong ones alone are counted against it', async () => {
    const codes = [await codeFor(await person()), await codeFor(await person())];
    let guess = 'invalid code_unknown';
    for (let tries = 0; guess !== throttled && tries < 300; tries++) guess = await resets('0000-0000-0000');
    expect(guess).toBe(throttled);
    for (const code of codes) expect(await resets(code)).toBe('allowed');
    clock.pass(300_000);
  });

  test('is good for a day, survives a weak password, and is not to be guessed', async () => {
    const user = await person();
    const [code, late] = [await codeFor(user), await codeFor(user)];
    expect(await resets(code, 'password1')).toBe('invalid weak_password');
    expect(await resets(code)).toBe('allowed');
    clock.pass(86_400_000);
    expect(await resets(late)).toBe('invalid code_unknown');
    for (const guess of ['0000-0000-0000', '', '../../', 'ﷺ'.repeat(64)])
      expect(await resets(guess)).toBe('invalid code_unknown');
  });
});

describe('one’s own account', () => {
  test('a new password needs the present one, must be another, and ends the other logins', async () => {
    const user = await person('teacher', { must_change_password: true });
    const [here, elsewhere] = [await signIn(user), await signIn(user)];
    const caller = await identity().authenticate(here.access_token);
    const change = (current_password: string, new_password: string) =>
      refused(changePassword(world, caller, { current_password, new_password }));
    expect(await change('wrong', 'a new long password')).toBe('invalid wrong_password');
    expect(await change(password, password)).toBe('invalid same_password');
    expect(await change(password, 'password1')).toBe('invalid weak_password');
    expect(await change(password, 'a new long password')).toBe('allowed');
    expect(await refused(identity().authenticate(here.access_token))).toBe('allowed');
    expect(await refused(identity().authenticate(elsewhere.access_token))).toBe('unauthorized auth.ended');
    expect((await readMe(world, caller)).must_change_password).toBe(false);
  });

  test('whoever found an unlocked phone guesses the password ten times and no more', async () => {
    const caller = callerOf(await person());
    const guess = () =>
      refused(
        changePassword(world, caller, { current_password: 'wrong', new_password: 'a new long password' }),
      );
    for (let at = 0; at < 10; at++) expect(await guess()).toBe('invalid wrong_password');
    expect(await guess()).toBe(throttled);
  });

  test('a new address needs the password, must be free, and frees the old one', async () => {
    const [mina, joon] = [await person(), await person()];
    const caller = callerOf(mina);
    const move = (email: string, current_password?: string) =>
      refused(updateMe(world, caller, { email, current_password }));
    expect(await move('new@school.example')).toBe('invalid missing');
    expect(await move('new@school.example', 'wrong')).toBe('invalid wrong_password');
    expect(await move(joon.email ?? '', password)).toBe('conflict user.email_taken');
    expect(await move('new@school.example', password)).toBe('allowed');
    expect(await signsIn({ email: 'new@school.example' })).toBe('allowed');
    expect(await signsIn(mina)).toBe(wrong);
    expect(
      await refused(
        register(world, { email: mina.email ?? '', password: 'correct horse battery', name: 'X' }, home),
      ),
    ).toBe('allowed');
  });
});
