import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { distinctNames, readTemplates, SchoolTemplates } from '#infra/checks/index.ts';
import { physicalNames } from '#infra/checks/names.ts';
import { statementsOf } from '#infra/checks/roles.ts';
import { list } from '#infra/checks/template.ts';
import { pageRouter } from '#infra/constructs/delivery.ts';
import { at } from '#infra/local/json.ts';
import { readSchool } from '#infra/school-config.ts';
import { schoolApp } from '#infra/synth.ts';
import { scratch } from '#tests/support/scratch.ts';
import { domains, fixtureBundles, synthFixture } from './world.ts';

const folder = scratch('synth');
let assembly: string;
let demo: SchoolTemplates;
let hanbit: SchoolTemplates;

beforeAll(async () => {
  assembly = await synthFixture(folder, 'demo', { validate: true });
  demo = new SchoolTemplates(readTemplates(assembly));
  hanbit = new SchoolTemplates(readTemplates(await synthFixture(folder, 'hanbit', { validate: true })));
});

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
      bundles: fixtureBundles(join(folder, 'dist')),
      domains,
      outdir: join(folder, 'cdk.out-wrong'),
    });
    new CfnBucket(stage.data, 'Open');
    expect(() => app.synth()).toThrow(/AwsSolutions-S10/);
  });

  it('is refused by CDK’s validator when a template could not be deployed', async () => {
    const { app, stage } = await schoolApp({
      school: 'demo',
      bundles: fixtureBundles(join(folder, 'dist')),
      domains,
      outdir: join(folder, 'cdk.out-invalid'),
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
    const cpu = (school: SchoolTemplates) =>
      school.ofType('AWS::ECS::TaskDefinition').map(({ properties }) => properties['Cpu']);
    expect([cpu(demo), cpu(hanbit)]).toEqual([
      ['1024', '1024', '1024'],
      ['2048', '2048', '2048'],
    ]);
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

  it('lets the grader read its queue and write the table, and nothing else', () => {
    const [role] = demo
      .ofType('AWS::IAM::Role')
      .filter(({ id }) => id.startsWith('GraderSupervisorTaskTaskRole'));
    const actions = role ? statementsOf(demo, role).flatMap(({ Action }) => Action ?? []) : [];
    expect([...new Set(actions)].sort()).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:ConditionCheckItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
    ]);
  });

  it('starts the grader as root with what it needs to make its runners strangers, and no more', () => {
    const [task] = demo.ofType('AWS::ECS::TaskDefinition').filter(({ id }) => id.startsWith('Grader'));
    const [container] = list(task?.properties['ContainerDefinitions']);
    expect(container).toMatchObject({ User: '0', ReadonlyRootFilesystem: true, StopTimeout: 30 });
    const capabilities = at(container, 'LinuxParameters', 'Capabilities');
    expect(at(capabilities, 'Add')).toBeUndefined();
    expect(list(at(capabilities, 'Drop'))).toHaveLength(11);
    for (const kept of ['KILL', 'SETGID', 'SETUID'])
      expect(list(at(capabilities, 'Drop'))).not.toContain(kept);
    expect(at(container, 'MountPoints')).toBeUndefined();
  });

  it('keeps the count of graders at a deployment, and buys them as the school’s file says', () => {
    const service = (school: SchoolTemplates) => school.ofType('AWS::ECS::Service')[0]?.properties;
    expect(service(demo)).not.toHaveProperty('DesiredCount');
    const bought = [demo, hanbit].map((school) => service(school)?.['CapacityProviderStrategy']);
    expect(bought).toMatchObject([[{ CapacityProvider: 'FARGATE_SPOT' }], [{ CapacityProvider: 'FARGATE' }]]);
    const slots = (school: SchoolTemplates) =>
      /"GRADER_SLOTS","Value":"(\d+)"/.exec(JSON.stringify(school.stacks));
    expect([slots(demo)?.[1], slots(hanbit)?.[1]]).toEqual(['1', '2']);
  });

  it('has a grader in school hours, by the school’s clock, and as many as it may have', () => {
    const [target] = hanbit.ofType('AWS::ApplicationAutoScaling::ScalableTarget');
    expect(target?.properties).toMatchObject({
      MinCapacity: 0,
      MaxCapacity: 10,
      ScheduledActions: [
        {
          Schedule: 'cron(30 7 ? * MON,TUE,WED,THU,FRI,SAT *)',
          Timezone: 'Asia/Seoul',
          ScalableTargetAction: { MinCapacity: 1 },
        },
        { Schedule: 'cron(0 22 ? * MON,TUE,WED,THU,FRI,SAT *)', ScalableTargetAction: { MinCapacity: 0 } },
      ],
    });
  });

  it('lets the API ask for a grader and do nothing else with tasks', () => {
    const [role] = demo.ofType('AWS::IAM::Role').filter(({ id }) => id.startsWith('CodeFunctionRole'));
    const statements = role ? statementsOf(demo, role) : [];
    const ofEcs = statements.filter(({ Action }) => JSON.stringify(Action).includes('ecs:'));
    const [service] = demo.ofType('AWS::ECS::Service');
    const [cluster] = demo.ofType('AWS::ECS::Cluster');
    expect(ofEcs).toEqual([
      {
        Effect: 'Allow',
        Action: ['ecs:DescribeServices', 'ecs:UpdateService'],
        Resource: [`<${service?.id}>`],
        Condition: { ArnEquals: { 'ecs:cluster': [`<${cluster?.id}.Arn>`] } },
      },
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
    const templates = new SchoolTemplates(readTemplates(await synthFixture(folder, school)));
    expect(templates.ofType('AWS::EC2::VPC')).toEqual([]);
    const variables = JSON.stringify(functionNamed(templates, 'dispatch')?.properties);
    expect(variables).toContain('"TASK_SUBNETS":"subnet-0a,subnet-0b"');
    const [service] = templates.ofType('AWS::ECS::Service');
    expect(at(service?.properties, 'NetworkConfiguration', 'AwsvpcConfiguration', 'Subnets')).toEqual([
      'subnet-0a',
      'subnet-0b',
    ]);
  });

  it('reads a restored table instead of making one when the school names one', async () => {
    const stream = 'arn:aws:dynamodb:us-east-1:111122223333:table/restored/stream/2026-11-20T00:00:00.000';
    const school = {
      ...readSchool('demo'),
      name: 'restored',
      table: { name: 'restored', stream_arn: stream },
    };
    const templates = new SchoolTemplates(readTemplates(await synthFixture(folder, school)));
    expect(templates.ofType('AWS::DynamoDB::Table')).toEqual([]);
    const sources = templates
      .ofType('AWS::Lambda::EventSourceMapping')
      .map(({ properties }) => properties['EventSourceArn']);
    expect(sources.filter((source) => source === stream)).toHaveLength(2);
    expect(JSON.stringify(functionNamed(templates, 'auth')?.properties)).toContain('"TABLE_NAME":"restored"');
  });

  it('makes an image of each task from a folder with its Dockerfile', () => {
    const file = readdirSync(assembly).find((name) => /App.*assets\.json$/.test(name)) ?? '';
    const images = Object.values<{ source: { directory: string } }>(
      JSON.parse(readFileSync(join(assembly, file), 'utf8')).dockerImages,
    );
    expect(images).toHaveLength(3);
    for (const { source } of images)
      expect(readdirSync(join(assembly, source.directory))).toEqual(
        expect.arrayContaining(['Dockerfile', 'main.mjs']),
      );
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
