import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { base64url, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { endLogins, logout } from '#functions/auth/tokens.ts';
import { signAccessToken } from '#shared/identity/authenticate.ts';
import { signingKey } from '#shared/identity/keys.ts';
import { changeUser } from '#shared/table/change-user.ts';
import { anAuthWorld, refused, school, secret } from './world.ts';

const { world, clock, person, signIn, identity, signing, table } = await anAuthWorld();
const mina = await person('teacher');
const own = await signIn(mina);
const [ownHeader = '', ownClaims = '', ownSignature = ''] = own.access_token.split('.');
const read = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString());
const header = read(ownHeader);
const claims = read(ownClaims);
const now_s = Math.floor(clock.now().getTime() / 1000);

const part = (value: unknown): string => base64url.encode(JSON.stringify(value));
/** A token with our own key, whatever it says. */
const signed = (head: object, body: object): string => {
  const input = `${part(head)}.${part(body)}`;
  return `${input}.${sign(null, Buffer.from(input), signing.privateKey).toString('base64url')}`;
};
const hmac = (head: object, key: string | Buffer): string => {
  const input = `${part(head)}.${ownClaims}`;
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
};
const stranger = generateKeyPairSync('ed25519').privateKey;
const strangers = (head: object): string => {
  const input = `${part(head)}.${ownClaims}`;
  return `${input}.${sign(null, Buffer.from(input), stranger).toString('base64url')}`;
};
const withoutClaim = (name: string): object =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));

test('the token that a sign-in gives says who calls, and no more than who', async () => {
  expect(await identity().authenticate(own.access_token)).toMatchObject({
    user_id: mina.user_id,
    role: 'teacher',
  });
  expect(header).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: signing.kid });
  expect(Object.keys(claims).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'sid', 'sub']);
  expect(Number(claims['exp']) - Number(claims['iat'])).toBe(900);
});

test('the forgery of these tests would work if it were signed rightly', async () => {
  expect(await refused(identity().authenticate(signed(header, claims)))).toBe('allowed');
});

describe('a forged token is answered 401', () => {
  const publicKey = Buffer.from(signing.x, 'base64url');
  const jwk = JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: signing.x });
  const forgeries: Record<string, string> = {
    'alg none': `${part({ ...header, alg: 'none' })}.${ownClaims}.`,
    'alg None': `${part({ ...header, alg: 'None' })}.${ownClaims}.${ownSignature}`,
    'no alg': signed({ typ: 'at+jwt', kid: signing.kid }, claims),
    'HS256 with the public key': hmac({ ...header, alg: 'HS256' }, publicKey),
    'HS256 with the public key as text': hmac({ ...header, alg: 'HS256' }, signing.x),
    'HS256 with the JWK': hmac({ ...header, alg: 'HS256' }, jwk),
    'HS256 with nothing': hmac({ ...header, alg: 'HS256' }, ''),
    'alg of another curve': signed({ ...header, alg: 'ES256' }, claims),
    'an empty signature': `${ownHeader}.${ownClaims}.`,
    'a zero signature': `${ownHeader}.${ownClaims}.${Buffer.alloc(64).toString('base64url')}`,
    'a signature cut short': own.access_token.slice(0, -4),
    'the signature of other claims': `${ownHeader}.${part({ ...claims, sub: 'admin' })}.${ownSignature}`,
    'another key': strangers(header),
    'another key that comes along as jwk': strangers({
      ...header,
      jwk: { kty: 'OKP', crv: 'Ed25519', x: signingKey('x'.repeat(40)).x },
    }),
    'a jku': strangers({ ...header, kid: 'evil', jku: 'http://127.0.0.1:1/jwks.json' }),
    'an x5u': strangers({ ...header, kid: 'evil', x5u: 'http://127.0.0.1:1/cert.pem' }),
    'a kid that walks the folders': signed({ ...header, kid: '../../../../dev/null' }, claims),
    'a kid that is SQL': signed({ ...header, kid: "x' UNION SELECT 'key" }, claims),
    'a kid of every object': signed({ ...header, kid: '__proto__' }, claims),
    'a kid that is no text': signed({ ...header, kid: { $ne: null } }, claims),
    'no kid': signed({ alg: 'EdDSA', typ: 'at+jwt' }, claims),
    'a crit header': signed({ ...header, crit: ['exp'] }, claims),
    'unencoded claims': signed({ ...header, b64: false, crit: ['b64'] }, claims),
    expired: signed(header, { ...claims, exp: now_s - 1 }),
    'expiring now': signed(header, { ...claims, exp: now_s }),
    'an expiry of text': signed(header, { ...claims, exp: 'never' }),
    'not valid yet': signed(header, { ...claims, nbf: now_s + 60 }),
    'no expiry': signed(header, withoutClaim('exp')),
    'no subject': signed(header, withoutClaim('sub')),
    'no login': signed(header, withoutClaim('sid')),
    'a login that is no text': signed(header, { ...claims, sid: 7 }),
    'another audience': signed(header, { ...claims, aud: 'lyceum-console' }),
    'another school': signed(header, { ...claims, iss: 'lyceum:other-school' }),
    'no issuer': signed(header, withoutClaim('iss')),
    'typ JWT': signed({ ...header, typ: 'JWT' }, claims),
    'no typ': signed({ alg: 'EdDSA', kid: signing.kid }, claims),
    'somebody else’s login': signed(header, { ...claims, sub: 'somebody-else' }),
    'a login that never was': signed(header, { ...claims, sid: 'never-was' }),
    'claims that are a list': signed(header, [claims]),
    'a refresh token': own.refresh_token ?? '',
    'two parts': `${ownHeader}.${ownClaims}`,
    'five parts (JWE)': 'a.b.c.d.e',
    nothing: '',
    'half a megabyte': 'a'.repeat(500_000),
  };
  test.each(Object.entries(forgeries))('%s', async (_, token) => {
    expect(await refused(identity().authenticate(token))).toMatch(
      /^unauthorized auth\.(token_invalid|token_expired|ended)$/,
    );
  });

  test('a token that another school signed with its own secret', async () => {
    const theirs = signingKey(`${secret} of another school`);
    const token = await signAccessToken(theirs, {
      school,
      user_id: mina.user_id,
      login_id: 'l',
      now: clock.now(),
    });
    expect(await refused(identity().authenticate(token))).toBe('unauthorized auth.token_invalid');
  });

  test('a token of an algorithm that node knows under the same name', async () => {
    const { privateKey } = generateKeyPairSync('ed448');
    const token = new SignJWT({ sid: 'l' }).setProtectedHeader({
      alg: 'EdDSA',
      typ: 'at+jwt',
      kid: signing.kid,
    });
    await expect(
      token
        .setSubject('x')
        .sign(privateKey)
        .then((made) => identity().authenticate(made)),
    ).rejects.toThrow();
  });
});

test('a token counts for its fifteen minutes and not a second longer', async () => {
  const { person: _person, ...fresh } = await anAuthWorld();
  const tokens = await fresh.signIn(await _person());
  const asked = fresh.identity();
  fresh.clock.pass(899_000);
  expect(await refused(asked.authenticate(tokens.access_token))).toBe('allowed');
  fresh.clock.pass(1_000);
  for (const identity of [asked, fresh.identity()])
    expect(await refused(identity.authenticate(tokens.access_token))).toBe('unauthorized auth.token_expired');
});

/** A process that has known a token's login for so long that it need not read it again unless somebody's changes. */
async function longKnown(token: string) {
  const asked = identity();
  for (let turn = 0; turn < 3; turn++) {
    await asked.authenticate(token);
    clock.pass(5_000);
  }
  await asked.authenticate(token);
  return asked;
}

describe('a token ends with its login', () => {
  test('at once for who asks afresh, within five seconds for who has long known it', async () => {
    const tokens = await signIn(mina);
    const asked = await longKnown(tokens.access_token);
    await logout(world, tokens.refresh_token ?? undefined);
    expect(await refused(identity().authenticate(tokens.access_token))).toBe('unauthorized auth.ended');
    clock.pass(5_000);
    expect(await refused(asked.authenticate(tokens.access_token))).toBe('unauthorized auth.ended');
    clock.pass(-20_000);
  });

  test('and the others of the person go on', async () => {
    const [phone, laptop] = [await signIn(mina), await signIn(mina)];
    await logout(world, phone.refresh_token ?? undefined);
    expect(await refused(identity().authenticate(laptop.access_token))).toBe('allowed');
    await endLogins(world, mina.user_id);
    expect(await refused(identity().authenticate(laptop.access_token))).toBe('unauthorized auth.ended');
  });
});

describe('what changes of a person', () => {
  const changed = async (change: object) => {
    const user = await person('teacher');
    const { access_token } = await signIn(user);
    const asked = await longKnown(access_token);
    expect((await asked.authenticate(access_token)).role).toBe('teacher');
    await changeUser(table, user.user_id, (seen) => ({ ...seen, ...change }));
    clock.pass(5_000);
    return { asked, access_token };
  };
  test('a disabled person is out within five seconds', async () => {
    const { asked, access_token } = await changed({ disabled: true });
    expect(await refused(asked.authenticate(access_token))).toBe('unauthorized auth.ended');
  });
  test('a new role counts within five seconds', async () => {
    const { asked, access_token } = await changed({ role: 'guardian' });
    expect((await asked.authenticate(access_token)).role).toBe('guardian');
  });
});

test('fifty requests that come together to a cold process are all let in', async () => {
  const { access_token } = await signIn(mina);
  const cold = identity();
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => refused(cold.authenticate(access_token))),
  );
  expect(new Set(answers)).toEqual(new Set(['allowed']));
});
