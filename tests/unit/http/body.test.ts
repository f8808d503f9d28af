import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DomainError } from '#shared/errors.ts';
import { maxBodyBytes, parseBody } from '#shared/http/body.ts';

const json = 'application/json';
const refusal = (raw: string | undefined, type: string | undefined = json): string => {
  try {
    parseBody(raw, type);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return `${error.kind} ${error.issues?.[0]?.type ?? error.error_code}`;
  }
  return 'accepted';
};
const quick = <T>(act: () => T): T => {
  const before = performance.now();
  const result = act();
  expect(performance.now() - before).toBeLessThan(1000);
  return result;
};

test('any JSON value comes through as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6, noUnicodeString: false }), (value) => {
      fc.pre(!JSON.stringify(value).includes('__proto__'));
      expect(parseBody(JSON.stringify(value), json)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { seed: 1, numRuns: 150 },
  );
});

test('no body is no value', () => {
  expect(parseBody(undefined, undefined)).toBeUndefined();
  expect(parseBody('', 'text/plain')).toBeUndefined();
});

test.each([
  json,
  'application/json; charset=utf-8',
  'APPLICATION/JSON',
  'application/merge-patch+json',
  undefined,
])('the media type %s is read', (type) => {
  expect(parseBody('{"a":1}', type)).toEqual({ a: 1 });
});

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'application/jsonp',
  '',
  'json',
])('the media type %j is refused with 415', (type) => {
  expect(refusal('{"a":1}', type)).toBe('unsupported_media request.media_type');
});

test.each(['{', '{"a":1', "{'a':1}", '{"a":1}x', 'undefined', '\ufeff{}', '{"a":NaN}', '"\n"'])(
  '%j is not JSON',
  (raw) => {
    expect(refusal(raw)).toBe('invalid json_invalid');
  },
);

test('more than 1 MiB is refused before it is read, counted in bytes', () => {
  expect(refusal(`"${'a'.repeat(maxBodyBytes - 2)}"`)).toBe('accepted');
  expect(refusal(`"${'a'.repeat(maxBodyBytes - 1)}"`)).toBe('too_large request.too_large');
  expect(refusal(`"${'한'.repeat(maxBodyBytes / 3)}"`)).toBe('too_large request.too_large');
});

test.each([
  ['arrays', '[', ']'],
  ['objects', '{"a":', '}'],
])('a million nested %s are refused within a second', (_, open, close) => {
  expect(quick(() => refusal(`${open.repeat(1_000_000)}1${close.repeat(1_000_000)}`))).toMatch(
    /too_large|json_depth/,
  );
  expect(quick(() => refusal(`${open.repeat(100_000)}1${close.repeat(100_000)}`))).toBe('invalid json_depth');
});

test('thirty-two levels are read and thirty-three are not; brackets in text do not count', () => {
  expect(refusal(`${'['.repeat(32)}${']'.repeat(32)}`)).toBe('accepted');
  expect(refusal(`${'['.repeat(33)}${']'.repeat(33)}`)).toBe('invalid json_depth');
  expect(refusal(JSON.stringify({ code: `${'['.repeat(100)}\\"${'{'.repeat(100)}` }))).toBe('accepted');
});

test('unbalanced brackets do not hide depth', () => {
  expect(refusal(`${']'.repeat(100)}${'['.repeat(100)}`)).toMatch(/json_invalid|json_depth/);
});

test('a million keys are refused, and what fits in a megabyte is read within a second', () => {
  const keys = (count: number) => `{${Array.from({ length: count }, (_, at) => `"k${at}":0`).join(',')}}`;
  // the texts are made before the clock runs
  const [tooLarge, fits] = [keys(1_000_000), keys(90_000)];
  expect(quick(() => refusal(tooLarge))).toBe('too_large request.too_large');
  expect(quick(() => refusal(fits))).toBe('accepted');
});

test.each([
  '{"__proto__":{"admin":true}}',
  '{"a":[{"__proto__":1}]}',
  '{"\\u005f_proto__":{"admin":true}}',
  '{"a":{"_\\u005Fpr\\u006fto__":1}}',
])('%s is refused, however the key is written', (raw) => {
  expect(refusal(raw)).toBe('invalid json_key');
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});

test('__proto__ is a text like any other, and constructor a key like any other', () => {
  expect(parseBody('{"a":"__proto__"}', json)).toEqual({ a: '__proto__' });
  expect(parseBody('{"constructor":{"prototype":1}}', json)).toEqual(
    JSON.parse('{"constructor":{"prototype":1}}'),
  );
});

test.each(['"\\ud800"', '{"a":"x\\uDFFFy"}', '{"\\udc00":1}', '["\\ud83d\\u0041"]'])(
  'half of a surrogate pair (%s) is refused',
  (raw) => {
    expect(refusal(raw)).toBe('invalid json_text');
  },
);

test('the refusal of half a surrogate pair names the field', () => {
  expect(() => parseBody('{"tests":[{"stdin":"ok"},{"stdin":"\\udfff"}]}', json)).toThrow(
    expect.objectContaining({ issues: [expect.objectContaining({ loc: ['body', 'tests', '1', 'stdin'] })] }),
  );
});

test('whole pairs are read, written as escapes or as themselves', () => {
  expect(parseBody('"\\ud83d\\ude00😀"', json)).toBe('😀😀');
});

test('program text that speaks of surrogates is read: it has none', () => {
  const source = String.raw`const smile = '\ud83d\ude00'; const lone = /[\ud800-\udfff]/;`;
  expect(parseBody(JSON.stringify({ source }), json)).toEqual({ source });
});
