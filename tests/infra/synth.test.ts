import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { distinctNames, readTemplates, SchoolTemplates } from '#infra/checks/index.ts';
import { physicalNames } from '#infra/checks/names.ts';
import { statementsOf } from '#infra/checks/roles.ts';
import { pageRouter } from '#infra/constructs/delivery.ts';
import { readSchool } from '#infra/school-config.ts';
import { schoolApp } from '#infra/synth.ts';
import { domains, fixtureBundles, synthFixture, temporaryFolder } from './world.ts';

const folder = temporaryFolder();
let assembly: string;
let demo: SchoolTemplates;
let hanbit: SchoolTemplates;

beforeAll(async () => {
  assembly = await synthFixture(folder.path, 'demo', { validate: true });
  demo = new SchoolTemplates(readTemplates(assembly));
  hanbit = new SchoolTemplates(readTemplates(await synthFixture(folder.path, 'hanbit', { validate: true })));
});
afterAll(() => folder[Symbol.dispose]());

const functionNamed = (school: SchoolTemplates, service: string) =>
  school
    .ofType('AWS::Lambda::Function')
    .find(({ properties }) => JSON.stringify(properties).includes(`"POWERTOOLS_SERVICE_NAME":"${service}"`));

describe('a synthesised school', () => {
  it('passes CDK’s validator and both rule packs without a finding', () => {
    const report = JSON.parse(readFileSync(join(assembly, '../validation-report.json'), 'utf8'));
    expect(report.pluginReports.flatMap(({ violations }: { violations: unknown[] }) => violations)).toEqual(
      [],
    );
  });

  it('is refused by the rule packs when something is wrong', async () => {
    const { app, stage } = await schoolApp({
      school: 'demo',
      bundles: fixtureBundles(join(folder.path, 'dist')),
      domains,
      outdir: join(folder.path, 'cdk.out-wrong'),
    });
    new CfnBucket(stage.data, 'Open');
    expect(() => app.synth()).toThrow(/AwsSolutions-S10/);
  });

  it('is refused by CDK’s validator when a template could not be deployed', async () => {
    const { app, stage } = await schoolApp({
      school: 'demo',
      bundles: fixtureBundles(join(folder.path, 'dist')),
      domains,
      outdir: join(folder.path, 'cdk.out-invalid'),
    });
    const fn = stage.app.node.findAll().find((one) => one instanceof CfnFunction);
    fn?.addPropertyOverride('Timeout', 5000);
    expect(() => app.synth()).toThrow(/exceeds maximum 900/);
  });

  it('gives every acknowledgement a reason of its own rule', () => {
    const acknowledged = readdirSync(assembly)
      .filter((file) => file.endsWith('.metadata.json'))
      .flatMap((file) => {
        const entries: { type: string; data: Record<string, string> }[][] = Object.values(
          JSON.parse(readFileSync(join(assembly, file), 'utf8')),
        );
        return entries.flat().filter(({ type }) => /acknowledged/i.test(type));
      });
    const reasons = acknowledged.flatMap(({ data }) => Object.values(data));
    expect(reasons.length).toBeGreaterThan(20);
    for (const reason of reasons) expect(reason.length).toBeGreaterThan(20);
  });

  it('shares no physical name with another school', () => {
    expect(distinctNames(demo, hanbit)).toEqual([]);
    expect([...physicalNames(demo).keys()].length).toBeGreaterThan(5);
  });

  it('differs from another school in region, size, settings and nothing by accident', () => {
    const types = (school: SchoolTemplates) => school.all.map(({ type }) => type).sort();
    expect(types(hanbit)).toEqual(types(demo));
    const memory = (school: SchoolTemplates) => functionNamed(school, 'auth')?.properties['MemorySize'];
    expect([memory(demo), memory(hanbit)]).toEqual([512, 1024]);
    const task = (school: SchoolTemplates) => school.ofType('AWS::ECS::TaskDefinition')[0]?.properties['Cpu'];
    expect([task(demo), task(hanbit)]).toEqual(['1024', '2048']);
  });

  it('keeps the school’s name as it is written', () => {
    const settings = JSON.stringify(functionNamed(hanbit, 'setup')?.properties);
    expect(settings).toContain('한빛고등학교');
  });

  it('lets the trainer do its fenced writes and reach its own files, and nothing else', () => {
    const [role] = demo.ofType('AWS::IAM::Role').filter(({ id }) => id.startsWith('TrainerTaskTaskRole'));
    const actions = role ? statementsOf(demo, role).flatMap(({ Action }) => Action ?? []) : [];
    expect([...new Set(actions)].sort()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:ConditionCheckItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      's3:GetObject',
      's3:PutObject',
    ]);
  });

  it('lets nothing in and only HTTPS out of the tasks’ network', () => {
    const [group] = demo.ofType('AWS::EC2::SecurityGroup');
    expect(group?.properties['SecurityGroupIngress']).toBeUndefined();
    expect(group?.properties['SecurityGroupEgress']).toMatchObject([{ FromPort: 443, ToPort: 443 }]);
    expect(demo.ofType('AWS::EC2::NatGateway')).toEqual([]);
    expect(demo.ofType('AWS::EC2::VPCEndpoint')).toHaveLength(2);
  });

  it('protects the stack with the data, and reads it by weak references', () => {
    const { artifacts } = JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8'));
    const protectedStacks = Object.entries<{ properties?: { terminationProtection?: boolean } }>(artifacts)
      .filter(([, { properties }]) => properties?.terminationProtection)
      .map(([id]) => id);
    expect(protectedStacks).toHaveLength(1);
    expect(JSON.stringify(demo.stacks)).not.toContain('Fn::ImportValue');
    expect(
      Object.values(demo.stacks)
        .flatMap(({ Outputs }) => Object.values(Outputs))
        .filter(({ Export }) => Export),
    ).toEqual([]);
  });

  it('uses the subnets of an existing VPC when the school names one', async () => {
    const school = {
      ...readSchool('demo'),
      name: 'vpc',
      vpc: { id: 'vpc-0abc', subnet_ids: ['subnet-0a', 'subnet-0b'] },
    };
    const templates = new SchoolTemplates(readTemplates(await synthFixture(folder.path, school)));
    expect(templates.ofType('AWS::EC2::VPC')).toEqual([]);
    const variables = JSON.stringify(functionNamed(templates, 'dispatch')?.properties);
    expect(variables).toContain('"TRAINER_SUBNETS":"subnet-0a,subnet-0b"');
  });

  it('reads a restored table instead of making one when the school names one', async () => {
    const stream = 'arn:aws:dynamodb:us-east-1:111122223333:table/restored/stream/2026-11-20T00:00:00.000';
    const school = {
      ...readSchool('demo'),
      name: 'restored',
      table: { name: 'restored', stream_arn: stream },
    };
    const templates = new SchoolTemplates(readTemplates(await synthFixture(folder.path, school)));
    expect(templates.ofType('AWS::DynamoDB::Table')).toEqual([]);
    const sources = templates
      .ofType('AWS::Lambda::EventSourceMapping')
      .map(({ properties }) => properties['EventSourceArn']);
    expect(sources.filter((source) => source === stream)).toHaveLength(2);
    expect(JSON.stringify(functionNamed(templates, 'auth')?.properties)).toContain('"TABLE_NAME":"restored"');
  });

  it('copies the trainer’s Dockerfile beside what it copies', () => {
    const [image] = Object.values<{ source: { directory: string } }>(
      JSON.parse(
        readFileSync(
          join(assembly, readdirSync(assembly).find((file) => /App.*assets\.json$/.test(file)) ?? ''),
          'utf8',
        ),
      ).dockerImages,
    );
    const directory = join(assembly, image?.source.directory ?? '');
    const copied = /COPY (\S+) /.exec(readFileSync(join(directory, 'Dockerfile'), 'utf8'))?.[1] ?? '';
    expect(existsSync(join(directory, copied))).toBe(true);
  });
});

describe('the page router of the distribution', () => {
  const route = (uri: string): string =>
    new Function(`${pageRouter}; return handler`)()({ request: { uri } }).uri;

  it.each([
    ['/', '/index.html'],
    ['/trainings/0192', '/index.html'],
    ['/assets/main-AB12.js', '/assets/main-AB12.js'],
    ['/favicon.svg', '/favicon.svg'],
    ['/docs', '/docs/index.html'],
    ['/docs/', '/docs/index.html'],
    ['/docs/swagger-ui.css', '/docs/swagger-ui.css'],
    ['/docsomething', '/index.html'],
  ])('sends %s to %s', (uri, expected) => {
    expect(route(uri)).toBe(expected);
  });
});
