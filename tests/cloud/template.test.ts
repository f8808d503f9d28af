import { beforeAll, expect, test } from 'vitest';
import { loadAssembly, type Stack } from '#infra/local/assembly.ts';
import { resolveValue, type Scope } from '#infra/local/intrinsics.ts';
import type { Json } from '#infra/local/json.ts';
import { applyTemplates } from '#infra/local/model.ts';
import { prepareAssembly } from '#infra/local/prepare.ts';
import { standing } from '#infra/local/resources.ts';
import { rolesOf } from '#infra/local/roles.ts';
import { scratch } from '#tests/support/scratch.ts';
import { fixtureAssembly } from './fixtures/assembly.ts';

const scope: Scope = {
  region: 'eu-west-1',
  accountId: '000000000000',
  stackName: 'Stack',
  parameters: { Stage: 'test' },
  conditions: {
    IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] },
    IsNot: { 'Fn::Not': [{ Condition: 'IsTest' }] },
    Both: {
      'Fn::And': [{ Condition: 'IsTest' }, { 'Fn::Or': [{ Condition: 'IsNot' }, { Condition: 'IsTest' }] }],
    },
  },
  mappings: { Sizes: { test: { cpu: 256 } } },
  ref: (id) => `${id}-name`,
  attribute: (id, name) => `${id}.${name}!`,
  stackOutput: (stack, output) => `${stack}/${output}`,
  secret: (reference) => `secret of ${reference}`,
};

test.each<[string, Json, Json | undefined]>([
  [
    'Ref of a resource, a parameter, a pseudo parameter',
    [{ Ref: 'Table' }, { Ref: 'Stage' }, { Ref: 'AWS::Region' }],
    ['Table-name', 'test', 'eu-west-1'],
  ],
  [
    'GetAtt as list and as text',
    [{ 'Fn::GetAtt': ['Table', 'Arn'] }, { 'Fn::GetAtt': 'Table.Stream.Arn' }],
    ['Table.Arn!', 'Table.Stream.Arn!'],
  ],
  ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'B' }, 3]] }, 'a-B-name-3'],
  [
    'Sub with names, attributes, literals and own variables',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
    { 'Fn::Sub': ['${A}:${B.Arn}:${!C}:${D}', { D: { Ref: 'E' } }] },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an escaped placeholder stays
    'A-name:B.Arn!:${C}:E-name',
  ],
  ['Select of a Split', { 'Fn::Select': [2, { 'Fn::Split': ['/', 'https://host/path'] }] }, 'host'],
  ['If', { 'Fn::If': ['IsTest', 'yes', 'no'] }, 'yes'],
  ['conditions in conditions', { 'Fn::If': ['Both', { 'Fn::If': ['IsNot', 1, 2] }, 3] }, 2],
  ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'cpu'] }, 256],
  ['Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
  [
    'another stack’s output',
    { 'Fn::GetStackOutput': { StackName: 'Data', Region: 'x', OutputName: 'Arn' } },
    'Data/Arn',
  ],
  [
    'NoValue removes the property and the entry',
    { a: { Ref: 'AWS::NoValue' }, b: [1, { Ref: 'AWS::NoValue' }] },
    { b: [1] },
  ],
  ['a dynamic reference', 'x{{resolve:secretsmanager:name:SecretString}}', 'xsecret of name:SecretString'],
  [
    'an IAM condition is no intrinsic',
    { Condition: { StringEquals: { a: 'b' } } },
    { Condition: { StringEquals: { a: 'b' } } },
  ],
])('%s', (_, value, expected) => {
  expect(resolveValue(value, scope)).toEqual(expected);
});

test('what nobody knows is an error, not a guess', () => {
  expect(() => resolveValue({ 'Fn::Transform': {} }, scope)).toThrow('Fn::Transform is not handled');
  expect(() => resolveValue({ 'Fn::ImportValue': 'x' }, scope)).toThrow('ImportValue');
  expect(() => resolveValue({ Ref: 'AWS::Unknown' }, scope)).toThrow('Unknown pseudo parameter');
});

test('the fixture’s stacks refer to each other and to the gateway', () => {
  const model = applyTemplates({ stacks: loadAssembly(fixtureAssembly()), gateway: 'http://127.0.0.1:4566' });
  expect(model.unknownTypes()).toEqual([]);
  const [http] = model.ofType('AWS::Lambda::Function');
  expect(http?.properties['Environment']).toMatchObject({
    Variables: {
      TABLE_NAME: 'Fixture-Data-Table',
      QUEUE_URL: 'http://127.0.0.1:4566/000000000000/Fixture-App-Queue',
    },
  });
  const { principals } = rolesOf(model);
  expect(principals.get('LOCALTaskRole')).toMatchObject([
    { Resource: 'arn:aws:dynamodb:us-east-1:000000000000:table/Fixture-Data-Table' },
  ]);
});

test('long names are shortened, and stay different', () => {
  const [stack] = loadAssembly(fixtureAssembly());
  const long = (end: string) => `${'Long'.repeat(20)}${end}`;
  const role = { Type: 'AWS::IAM::Role', Properties: {}, Metadata: {} };
  const template = { ...stack?.template, Resources: { [long('A')]: role, [long('B')]: role } };
  const stacks = [{ ...stack, template }] as Stack[];
  const [one = '', other = ''] = applyTemplates({ stacks, gateway: '' })
    .ofType('AWS::IAM::Role')
    .map(({ ref }) => ref);
  expect([one.length, other.length]).toEqual([64, 64]);
  expect(one).not.toBe(other);
});

test('a type that is neither implemented nor listed is unknown, an ignored one has its reason', () => {
  expect(standing('AWS::SQS::Queue')).toEqual({ state: 'handled' });
  expect(standing('AWS::EC2::VPC')).toMatchObject({
    state: 'ignored',
    reason: expect.stringMatching(/.{10}/),
  });
  expect(standing('AWS::RDS::DBInstance')).toEqual({ state: 'unknown' });
});

let stacks: Stack[];
beforeAll(async () => {
  const fallback = scratch('assembly');
  stacks = loadAssembly(await prepareAssembly({ school: 'demo', fallback, phase: () => {} }));
}, 120_000);

test('every resource of the product is implemented here or deliberately ignored', () => {
  expect(stacks.map(({ name }) => name).sort()).toEqual(['lyceum-demo-App', 'lyceum-demo-Data']);
  expect(applyTemplates({ stacks, gateway: '' }).unknownTypes()).toEqual([]);
});

test('every property of the product resolves, and every role is known', () => {
  const model = applyTemplates({ stacks, gateway: 'http://127.0.0.1:1' });
  const types = new Set(
    stacks.flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type)),
  );
  for (const type of types) {
    for (const resource of model.ofType(type))
      expect(JSON.stringify(resource.properties)).not.toContain('"Fn::');
  }
  expect([...rolesOf(model).principals.keys()].every((key) => key.startsWith('LOCAL'))).toBe(true);
});
