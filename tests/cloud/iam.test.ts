import { describe, expect, test } from 'vitest';
import { evaluate, type Statement } from '#infra/local/iam.ts';

const table = 'arn:aws:dynamodb:eu-west-1:000000000000:table/School';
const get = { action: 'dynamodb:GetItem', resource: table };
const allow = (more: Omit<Statement, 'Effect'>): Statement => ({ Effect: 'Allow', ...more });
const deny = (more: Omit<Statement, 'Effect'>): Statement => ({ Effect: 'Deny', ...more });
const everything = allow({ Action: '*', Resource: '*' });

test('without a statement everything is denied implicitly', () => {
  expect(evaluate([], get)).toBe('implicit-deny');
});

test('an explicit deny wins over any allow, whatever the order', () => {
  const never = deny({ Action: 'dynamodb:Get*', Resource: table });
  expect(evaluate([everything, never], get)).toBe('explicit-deny');
  expect(evaluate([never, everything], get)).toBe('explicit-deny');
  expect(evaluate([everything, never], { ...get, action: 'dynamodb:PutItem' })).toBe('allowed');
});

describe('actions', () => {
  test.each([
    ['dynamodb:GetItem', 'allowed'],
    ['DynamoDB:getitem', 'allowed'],
    ['dynamodb:Get*', 'allowed'],
    ['dynamodb:GetIte?', 'allowed'],
    ['dynamodb:GetItem?', 'implicit-deny'],
    ['dynamodb:Get', 'implicit-deny'],
    ['sqs:*', 'implicit-deny'],
    ['*', 'allowed'],
  ])('%s on GetItem: %s', (Action, expected) => {
    expect(evaluate([allow({ Action, Resource: '*' })], get)).toBe(expected);
  });

  test('NotAction allows all but the named', () => {
    const statements = [allow({ NotAction: ['dynamodb:Delete*', 'iam:*'], Resource: '*' })];
    expect(evaluate(statements, get)).toBe('allowed');
    expect(evaluate(statements, { ...get, action: 'dynamodb:DeleteItem' })).toBe('implicit-deny');
  });
});

describe('resources', () => {
  test.each([
    [table, 'allowed'],
    [`${table}/index/*`, 'implicit-deny'],
    ['arn:aws:dynamodb:*:*:table/School', 'allowed'],
    ['arn:aws:dynamodb:eu-west-1:000000000000:table/Sch', 'implicit-deny'],
    ['arn:aws:dynamodb:eu-west-1:000000000000:table/school', 'implicit-deny'],
    ['arn:aws:dynamodb:eu-west-1:000000000000:table.School', 'implicit-deny'],
  ])('%s: %s', (Resource, expected) => {
    expect(evaluate([allow({ Action: 'dynamodb:GetItem', Resource: [Resource] })], get)).toBe(expected);
  });

  test('NotResource allows all but the named', () => {
    const statements = [allow({ Action: 's3:GetObject', NotResource: 'arn:aws:s3:::secret/*' })];
    const read = (key: string) =>
      evaluate(statements, { action: 's3:GetObject', resource: `arn:aws:s3:::${key}` });
    expect(read('open/a')).toBe('allowed');
    expect(read('secret/a')).toBe('implicit-deny');
  });

  test('a call without a resource needs a statement for every resource', () => {
    const list = { action: 'sqs:ListQueues', resource: '*' };
    expect(evaluate([allow({ Action: 'sqs:ListQueues', Resource: 'arn:aws:sqs:*:*:q' })], list)).toBe(
      'implicit-deny',
    );
    expect(evaluate([allow({ Action: 'sqs:ListQueues', Resource: '*' })], list)).toBe('allowed');
  });
});

describe('conditions', () => {
  const under = (Condition: Statement['Condition'] & object, context: Record<string, string | string[]>) =>
    evaluate([allow({ Action: '*', Resource: '*', Condition })], { ...get, context });
  const role = 'arn:aws:iam::000000000000:role/Trainer';

  test.each([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', ['b', 'a'], 'a', true],
    ['StringEquals', 'a*', 'abc', false],
    ['StringNotEquals', ['a', 'b'], 'a', false],
    ['StringNotEquals', 'a', 'b', true],
    ['StringEqualsIgnoreCase', 'A', 'a', true],
    ['StringLike', 'training/*', 'training/x/y', true],
    ['StringLike', 'training/?', 'training/xy', false],
    ['StringNotLike', 'training/*', 'training/x', false],
    ['ArnEquals', role, role, true],
    ['ArnLike', 'arn:aws:iam::*:role/Tr*', role, true],
    ['ArnLike', 'arn:aws:*:role/Trainer', role, false],
    ['ArnNotLike', 'arn:aws:iam::*:role/Tr*', role, false],
    ['Bool', 'true', 'true', true],
    ['Bool', true, 'true', true],
    ['Bool', 'false', 'true', false],
    ['Null', 'false', 'x', true],
    ['Null', 'true', 'x', false],
  ])('%s %j against %j: %s', (operator, wanted, actual, holds) => {
    const expected = holds ? 'allowed' : 'implicit-deny';
    expect(under({ [operator]: { 'test:Key': wanted } }, { 'test:key': actual })).toBe(expected);
  });

  test.each([
    ['StringEquals', 'implicit-deny'],
    ['StringNotEquals', 'allowed'],
    ['StringEqualsIfExists', 'allowed'],
    ['ForAllValues:StringEquals', 'allowed'],
    ['ForAnyValue:StringEquals', 'implicit-deny'],
    ['Bool', 'implicit-deny'],
  ])('%s of an absent key: %s', (operator, expected) => {
    expect(under({ [operator]: { 'test:Key': 'true' } }, {})).toBe(expected);
  });

  test('ForAllValues wants every value to match, ForAnyValue one', () => {
    const keys = (operator: string, ...values: string[]) =>
      under(
        { [operator]: { 'dynamodb:LeadingKeys': ['job#*', 'event#*'] } },
        { 'dynamodb:LeadingKeys': values },
      );
    expect(keys('ForAllValues:StringLike', 'job#1', 'event#1')).toBe('allowed');
    expect(keys('ForAllValues:StringLike', 'job#1', 'user#1')).toBe('implicit-deny');
    expect(keys('ForAllValues:StringEquals', 'job#1')).toBe('implicit-deny');
    expect(keys('ForAnyValue:StringLike', 'job#1', 'user#1')).toBe('allowed');
  });

  test('all operators and keys of a statement must hold', () => {
    const both = { StringEquals: { 'a:x': '1', 'a:y': '2' } };
    expect(under(both, { 'a:x': '1', 'a:y': '2' })).toBe('allowed');
    expect(under(both, { 'a:x': '1', 'a:y': '3' })).toBe('implicit-deny');
  });

  test('an operator that is not implemented is an error, not a guess', () => {
    expect(() => under({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, {})).toThrow(/IpAddress/);
  });
});
