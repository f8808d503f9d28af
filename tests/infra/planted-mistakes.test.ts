import { beforeAll, describe, expect, it } from 'vitest';
import { checkSchool, distinctNames, readTemplates, SchoolTemplates } from '#infra/checks/index.ts';
import { committedStatefulIds } from '#infra/verify.ts';
import { scratch } from '#tests/support/scratch.ts';
import { add, type Damaged, drop, rewrite, set } from './planting.ts';
import { codeOf, domains, synthFixture } from './world.ts';

const table = { type: 'AWS::DynamoDB::Table' };
const policyOf = (name: string) => ({ type: 'AWS::IAM::Policy', id: new RegExp(`^${name}`) });
const functionOf = (name: string) => ({ type: 'AWS::Lambda::Function', id: new RegExp(`^${name}Function`) });
const permission = (id: RegExp) => ({ type: 'AWS::Lambda::Permission', id });
const http = { type: 'AWS::ApiGatewayV2::Integration', id: /^Http/ };
const queueMapping = { type: 'AWS::Lambda::EventSourceMapping', id: /SqsEventSource/ };
const streamMapping = { type: 'AWS::Lambda::EventSourceMapping', id: /Stream/ };
const task = { type: 'AWS::ECS::TaskDefinition' };
const supervisor = { ...task, id: /^Grader/ };
const capabilities = ['LinuxParameters', 'Capabilities'];
const gradingQueue = { type: 'AWS::SQS::Queue', id: /^GradingQueue(?!Failed)/ };
const container = ['Properties', 'ContainerDefinitions', 0];
const schedule = { type: 'AWS::Scheduler::Schedule' };
const trainingQueue = { type: 'AWS::SQS::Queue', id: /^TrainingQueue(?!Failed)/ };
const anyRoute = { type: 'AWS::ApiGatewayV2::Route', id: /ANYapiauth[A-Z0-9]/ };
const variables = ['Properties', 'Environment', 'Variables'];

const many =
  (count: number, make: (index: number) => (templates: Damaged) => void) => (templates: Damaged) => {
    for (let index = 0; index < count; index++) make(index)(templates);
  };

/** Each mistake deploys, or fails only when it deploys: neither CDK's validator nor cdk-nag sees it. */
const mistakes: readonly [mistake: string, rule: string, plant: (templates: Damaged) => void][] = [
  [
    'an index key without an attribute definition',
    'table-keys',
    set(table, ['Properties', 'AttributeDefinitions', 7], undefined),
  ],
  [
    'a renamed index key',
    'table-keys',
    rewrite(table, '"AttributeName":"gsi2pk","KeyType"', '"AttributeName":"gsi2","KeyType"'),
  ],
  ['an API that may not invoke its function', 'invocation-permission', drop(permission(/^HttpApi.*Auth/))],
  [
    'a WebSocket API that may not invoke its function',
    'invocation-permission',
    drop(permission(/^WebSocket/)),
  ],
  ['a rule that may not invoke its function', 'invocation-permission', drop(permission(/TaskStopped/))],
  [
    'a rule’s permission for another principal',
    'invocation-permission',
    set(permission(/TaskStopped/), ['Properties', 'Principal'], 'scheduler.amazonaws.com'),
  ],
  [
    'a schedule whose role may not invoke its function',
    'invocation-permission',
    rewrite(policyOf('ReaperClockRole'), 'lambda:InvokeFunction', 'lambda:GetFunction'),
  ],
  [
    'a permission without a source',
    'permission-source',
    set(permission(/^HttpApi.*Auth/), ['Properties', 'SourceArn'], undefined),
  ],
  [
    'a lost grant on the table',
    'lost-grant',
    rewrite(policyOf('SchoolFunction'), 'dynamodb:DeleteItem', 'dynamodb:GetItem'),
  ],
  [
    'a lost grant on an index',
    'lost-grant',
    rewrite(policyOf('ReaperFunction'), '/index/gsi1', '/index/gsi'),
  ],
  [
    'a lost grant on the queue',
    'lost-grant',
    rewrite(policyOf('ProjectorFunction'), 'sqs:SendMessage', 'sqs:GetQueueUrl'),
  ],
  [
    'a grant on another prefix of the bucket',
    'lost-grant',
    rewrite(policyOf('TrainerTaskTaskRole'), '/training/*', '/grading/*'),
  ],
  [
    'objects of one kind that may be neither read nor written',
    'lost-grant',
    rewrite(policyOf('CalibratorTaskTaskRole'), '/calibrations/*', '/training/*'),
  ],
  [
    'one of two tasks that may not be started',
    'lost-grant',
    rewrite(policyOf('DispatchFunction'), 'CalibratorTask', 'OtherTask'),
  ],
  [
    'a grant on another stage of the WebSocket API',
    'lost-grant',
    rewrite(policyOf('BroadcastFunction'), '/ws/POST', '/live/POST'),
  ],
  [
    'a lost grant on a secret',
    'lost-grant',
    rewrite(policyOf('AuthFunction'), 'GetSecretValue', 'DescribeSecret'),
  ],
  [
    'a variable that a bundle needs',
    'lost-grant',
    set(functionOf('Projector'), [...variables, 'TRAINING_QUEUE_URL'], undefined),
  ],
  [
    'one of two queues that may not be rung',
    'lost-grant',
    rewrite(policyOf('ProjectorFunction'), 'GradingQueueC834C5D8', 'GradingQueueFailed'),
  ],
  [
    'a grader that may not receive',
    'lost-grant',
    rewrite(policyOf('GraderSupervisorTaskTaskRole'), 'sqs:ReceiveMessage', 'sqs:GetQueueUrl'),
  ],
  [
    'a service that may not be asked for a task',
    'lost-grant',
    rewrite(policyOf('CodeFunction'), 'ecs:UpdateService', 'ecs:ListTasks'),
  ],
  [
    'a service in another cluster',
    'lost-grant',
    rewrite(policyOf('CodeFunction'), 'TasksCluster', 'OtherCluster'),
  ],
  [
    'a task started in another cluster',
    'lost-grant',
    rewrite(policyOf('DispatchFunction'), 'TasksCluster', 'OtherCluster'),
  ],
  [
    'a task that may not be tagged as it starts',
    'lost-grant',
    rewrite(policyOf('DispatchFunction'), 'ecs:TagResource', 'ecs:ListTasks'),
  ],
  [
    'RunTask without PassRole',
    'passed-role',
    rewrite(policyOf('DispatchFunction'), 'iam:PassRole', 'iam:GetRole'),
  ],
  [
    'PassRole for another service',
    'passed-role',
    rewrite(policyOf('DispatchFunction'), 'ecs-tasks.amazonaws.com', 'lambda.amazonaws.com'),
  ],
  [
    'a cron expression without a question mark',
    'schedule',
    set(schedule, ['Properties', 'ScheduleExpression'], 'cron(0 8 * * MON-FRI *)'),
  ],
  [
    'a cron expression of five fields',
    'schedule',
    set(schedule, ['Properties', 'ScheduleExpression'], 'cron(0 8 ? * MON-FRI)'),
  ],
  [
    'a rate in the wrong number',
    'schedule',
    set(schedule, ['Properties', 'ScheduleExpression'], 'rate(1 minutes)'),
  ],
  [
    'an IAM action that does not exist',
    'unknown-action',
    rewrite(policyOf('SchoolFunction'), 'dynamodb:BatchGetItem', 'dynamodb:BatchGetItems'),
  ],
  [
    'a role that trusts the wrong service',
    'trust',
    rewrite(
      { type: 'AWS::IAM::Role', id: /^TrainerTaskTaskRole/ },
      'ecs-tasks.amazonaws.com',
      'ecs.amazonaws.com',
    ),
  ],
  [
    'a role that trusts everybody as well',
    'trust',
    set(
      { type: 'AWS::IAM::Role', id: /^AuthFunctionRole/ },
      ['Properties', 'AssumeRolePolicyDocument', 'Statement', 1],
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } },
    ),
  ],
  [
    'an HTTP API that waits longer than 30 s',
    'api-timeout',
    set(http, ['Properties', 'TimeoutInMillis'], 31_000),
  ],
  ['a function that outlasts its API', 'api-timeout', set(functionOf('Auth'), ['Properties', 'Timeout'], 60)],
  ['a reserved variable', 'environment', set(functionOf('Auth'), [...variables, 'AWS_REGION'], 'eu-west-1')],
  [
    'an environment over 4 KB',
    'environment',
    set(functionOf('Auth'), [...variables, 'SCHOOL_SETTINGS'], '가'.repeat(1300)),
  ],
  ['a batch over 10 without a window', 'event-source', set(queueMapping, ['Properties', 'BatchSize'], 100)],
  [
    'a stream without a starting position',
    'event-source',
    set(streamMapping, ['Properties', 'StartingPosition'], undefined),
  ],
  [
    'a stream that retries without end',
    'event-source',
    set(streamMapping, ['Properties', 'MaximumRetryAttempts'], -1),
  ],
  [
    'a stream that drops what fails',
    'event-source',
    set(streamMapping, ['Properties', 'DestinationConfig'], undefined),
  ],
  [
    'a batch retried whole for one bad message',
    'event-source',
    set(queueMapping, ['Properties', 'FunctionResponseTypes'], undefined),
  ],
  [
    'a mapping that may not read its queue',
    'source-permission',
    rewrite(policyOf('DispatchFunction'), 'sqs:ReceiveMessage', 'sqs:GetQueueUrl'),
  ],
  [
    'a mapping that may not read its stream',
    'source-permission',
    rewrite(policyOf('ProjectorFunction'), 'dynamodb:GetShardIterator', 'dynamodb:GetItem'),
  ],
  ['a stop timeout over 120 s', 'container', set(task, [...container, 'StopTimeout'], 300)],
  ['a container that runs as root', 'container', set(task, [...container, 'User'], undefined)],
  [
    'a supervisor with more power than to start and end its runners',
    'container',
    set(supervisor, [...container, ...capabilities, 'Drop', 0], 'KILL'),
  ],
  [
    'a capability that Fargate refuses to add',
    'container',
    set(supervisor, [...container, ...capabilities], { Drop: ['ALL'], Add: ['SETUID', 'SETGID', 'KILL'] }),
  ],
  [
    'a container with a writable root',
    'container',
    set(task, [...container, 'ReadonlyRootFilesystem'], false),
  ],
  ['a table that is deleted with its stack', 'retained', set(table, ['DeletionPolicy'], 'Delete')],
  [
    'a bucket that is replaced without its objects',
    'retained',
    set({ type: 'AWS::S3::Bucket', id: /^Artifacts/ }, ['UpdateReplacePolicy'], undefined),
  ],
  [
    'a table without point-in-time recovery',
    'retained',
    set(table, ['Properties', 'PointInTimeRecoverySpecification'], undefined),
  ],
  [
    'a visibility under six times the timeout',
    'visibility',
    set(trainingQueue, ['Properties', 'VisibilityTimeout'], 60),
  ],
  [
    'a queue without a dead-letter queue',
    'dead-letters',
    set(trainingQueue, ['Properties', 'RedrivePolicy'], undefined),
  ],
  [
    'a queue that a task polls without a dead-letter queue',
    'dead-letters',
    set(gradingQueue, ['Properties', 'RedrivePolicy'], undefined),
  ],
  [
    'a dead-letter queue without an alarm',
    'dead-letters',
    drop({ type: 'AWS::CloudWatch::Alarm', id: /DeadUndelivered/ }),
  ],
  [
    'an alarm that nobody gets',
    'dead-letters',
    set({ type: 'AWS::CloudWatch::Alarm', id: /DeadUndelivered/ }, ['Properties', 'AlarmActions'], undefined),
  ],
  [
    'a topic that CloudWatch may not publish to',
    'alarm-topic',
    rewrite({ type: 'AWS::SNS::TopicPolicy' }, 'cloudwatch.amazonaws.com', 'events.amazonaws.com'),
  ],
  [
    'a stateful resource under another id',
    'stateful-ids',
    add(table, 'Table2', {
      Type: 'AWS::S3::Bucket',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    }),
  ],
  [
    'an operation whose route is gone',
    'routes',
    drop({ type: 'AWS::ApiGatewayV2::Route', id: /ANYapiauthproxy/ }),
  ],
  [
    'a route to another function',
    'routes',
    rewrite(functionOf('Auth'), '"POWERTOOLS_SERVICE_NAME":"auth"', '"POWERTOOLS_SERVICE_NAME":"school"'),
  ],
  [
    'a more specific route that is gone',
    'routes',
    drop({ type: 'AWS::ApiGatewayV2::Route', id: /ANYapicodevalidate/ }),
  ],
  [
    'a route without an operation',
    'routes',
    set(anyRoute, ['Properties', 'RouteKey'], 'ANY /api/unheard-of'),
  ],
  ['a grant to scan', 'scan', rewrite(policyOf('PlatformFunction'), 'dynamodb:Query', 'dynamodb:Scan')],
  [
    'a grant of everything on the table',
    'scan',
    rewrite(policyOf('PlatformFunction'), 'dynamodb:GetItem', 'dynamodb:*'),
  ],
  [
    'a grant on every queue',
    'wide-grant',
    rewrite(policyOf('ProjectorFunction'), '{"Fn::GetAtt":["TrainingQueue0CF4FA54","Arn"]}', '"*"'),
  ],
  [
    'more than 300 routes',
    'size',
    many(300, (index) =>
      add(anyRoute, `Route${index}`, { Type: 'AWS::ApiGatewayV2::Route', Properties: {} }),
    ),
  ],
  [
    '500 resources in a stack',
    'size',
    many(500, (index) => add(anyRoute, `Logs${index}`, { Type: 'AWS::Logs::LogGroup', Properties: {} })),
  ],
];

describe('mistakes that the validator and cdk-nag let through', () => {
  const folder = scratch('planted-mistakes');
  let good: string;
  let other: string;
  const templates = (): Damaged => JSON.parse(good);
  const check = (damaged: Damaged) =>
    checkSchool({
      templates: JSON.parse(JSON.stringify(damaged)),
      domains,
      codeOf,
      statefulIds: committedStatefulIds,
    });

  beforeAll(async () => {
    good = JSON.stringify(readTemplates(await synthFixture(folder, 'demo')));
    other = JSON.stringify(readTemplates(await synthFixture(folder, 'hanbit')));
  });

  it('finds nothing in the template as it is', () => {
    expect(check(templates())).toEqual([]);
  });

  it.each(mistakes)('catches %s', (_, rule, plant) => {
    const damaged = templates();
    plant(damaged);
    expect(check(damaged).map((finding) => finding.rule)).toContain(rule);
  });

  it('catches two schools that want the same name', () => {
    const named = (text: string) => {
      const damaged: Damaged = JSON.parse(text);
      set(
        { type: 'AWS::S3::Bucket', id: /^Artifacts/ },
        ['Properties', 'BucketName'],
        'lyceum-artifacts',
      )(damaged);
      return new SchoolTemplates(JSON.parse(JSON.stringify(damaged)));
    };
    const rules = distinctNames(named(good), named(other)).map(({ rule }) => rule);
    expect(rules).toEqual(['distinct-names']);
  });
});
