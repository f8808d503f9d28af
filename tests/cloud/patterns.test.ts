import { expect, test } from 'vitest';
import { createRouter } from '#infra/local/api/http-routes.ts';
import { matches } from '#infra/local/filter-pattern.ts';
import type { Json, JsonObject } from '#infra/local/json.ts';
import { parseSchedule } from '#infra/local/schedule-expression.ts';

const event: Json = {
  source: 'aws.ecs',
  detail: { lastStatus: 'STOPPED', group: 'family:trainer', exit: 137, tags: ['a', 'b'], none: null },
};

test.each<[boolean, JsonObject]>([
  [true, { source: ['aws.ecs'] }],
  [true, { source: ['other', 'aws.ecs'], detail: { lastStatus: ['STOPPED'] } }],
  [false, { source: ['aws.ecs'], detail: { lastStatus: ['RUNNING'] } }],
  [false, { absent: ['x'] }],
  [true, { detail: { tags: ['b'] } }],
  [true, { detail: { none: [null] } }],
  [false, { detail: { exit: ['137'] } }],
  [true, { detail: { exit: [{ numeric: ['>', 100, '<=', 137] }] } }],
  [false, { detail: { exit: [{ numeric: ['=', 0] }] } }],
  [true, { detail: { group: [{ prefix: 'family:' }] } }],
  [true, { detail: { group: [{ suffix: 'trainer' }] } }],
  [true, { detail: { group: [{ 'equals-ignore-case': 'FAMILY:Trainer' }] } }],
  [true, { detail: { group: [{ wildcard: 'fam*:tr*er' }] } }],
  [false, { detail: { group: [{ wildcard: 'fam*:tr' }] } }],
  [true, { detail: { lastStatus: [{ 'anything-but': ['RUNNING', 'PENDING'] }] } }],
  [false, { detail: { lastStatus: [{ 'anything-but': 'STOPPED' }] } }],
  [true, { detail: { exit: [{ exists: true }], missing: [{ exists: false }] } }],
  [false, { detail: { missing: [{ exists: true }] } }],
  [true, { $or: [{ source: ['x'] }, { detail: { exit: [137] } }] }],
])('an event pattern matches: %s %j', (expected, pattern) => {
  expect(matches(pattern, event)).toBe(expected);
});

test('an operator that nobody implemented is an error', () => {
  expect(() => matches({ source: [{ cidr: '10.0.0.0/8' }] }, event)).toThrow('cidr is not handled');
  expect(() => matches({ source: 'aws.ecs' }, event)).toThrow('must be a list');
});

const next = (expression: string, zone = 'UTC') =>
  parseSchedule(expression, zone).next(new Date('2026-11-20T10:00:30Z'))?.toISOString();

test.each([
  ['rate(1 minute)', 'UTC', '2026-11-20T10:01:30.000Z'],
  ['rate(2 hours)', 'UTC', '2026-11-20T12:00:30.000Z'],
  ['cron(0/15 * * * ? *)', 'UTC', '2026-11-20T10:15:00.000Z'],
  ['cron(5/20,7 * * * ? *)', 'UTC', '2026-11-20T10:05:00.000Z'],
  ['cron(0 8 ? * MON-FRI *)', 'Asia/Seoul', '2026-11-22T23:00:00.000Z'],
  ['cron(0 18 ? * 2-6 *)', 'UTC', '2026-11-20T18:00:00.000Z'],
  ['cron(0 9 ? * 1 *)', 'UTC', '2026-11-22T09:00:00.000Z'],
  ['cron(0 9 ? * L *)', 'UTC', '2026-11-21T09:00:00.000Z'],
  ['cron(0 9 ? * 6L *)', 'UTC', '2026-11-27T09:00:00.000Z'],
  ['cron(0 9 ? * 2#1 *)', 'UTC', '2026-12-07T09:00:00.000Z'],
  ['cron(0 9 L * ? *)', 'UTC', '2026-11-30T09:00:00.000Z'],
  ['cron(0 9 1 1 ? 2028)', 'UTC', '2028-01-01T09:00:00.000Z'],
  ['at(2026-11-21T08:00:00)', 'Asia/Seoul', '2026-11-20T23:00:00.000Z'],
])('%s in %s comes next at %s', (expression, zone, expected) => {
  expect(next(expression, zone)).toBe(expected);
});

test('a time that has passed never comes', () => {
  expect(next('at(2020-01-01T00:00:00)')).toBeUndefined();
  expect(next('cron(0 9 1 1 ? 2020)')).toBeUndefined();
});

test.each([
  'cron(0 8 * * * *)',
  'cron(0 8 ? * ? *)',
  'cron(0 8 * * ?)',
  'rate(0 minutes)',
  'rate(5 weeks)',
  'every day',
])('the expression %s is refused, as AWS refuses it', (expression) => {
  expect(() => next(expression)).toThrow();
});

test.each([
  ['GET', '/api/x', 'ANY /api/x'],
  ['GET', '/api/x/1', 'GET /api/x/{id}'],
  ['POST', '/api/x/1', 'ANY /api/x/{proxy+}'],
  ['GET', '/api/x/special', 'GET /api/x/special'],
  ['GET', '/api/x/1/2', 'ANY /api/x/{proxy+}'],
  ['POST', '/api/x/check', 'ANY /api/x/check'],
  ['POST', '/api/x/check/1', 'ANY /api/x/check/{proxy+}'],
  ['POST', '/api/x/checks', 'ANY /api/x/{proxy+}'],
  ['GET', '/api/x/', '$default'],
  ['GET', '/api/xy', '$default'],
  ['GET', '/', '$default'],
])('%s %s goes to %s', (method, path, expected) => {
  const keys = [
    '$default',
    'ANY /api/x/{proxy+}',
    'GET /api/x/{id}',
    'GET /api/x/special',
    'ANY /api/x',
    'ANY /api/x/check/{proxy+}',
    'ANY /api/x/check',
  ];
  const inOrder = keys.map((key) => ({ key, target: key }));
  for (const routes of [inOrder, inOrder.toReversed()])
    expect(createRouter(routes)(method, path)?.route.key).toBe(expected);
});

test('variables of a path are decoded, a malformed escape is left alone', () => {
  const route = createRouter([{ key: 'ANY /x/{name}/{rest+}', target: 0 }]);
  expect(route('GET', '/x/%ED%95%9C/a%20b/c')?.parameters).toEqual({ name: '한', rest: 'a b/c' });
  expect(route('GET', '/x/%E0%A4%A/y')?.parameters).toEqual({ name: '%E0%A4%A', rest: 'y' });
});
