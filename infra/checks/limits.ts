import { asList, asNumber, at, type Json } from '../local/json.ts';
import { parseSchedule } from '../local/schedule-expression.ts';
import { environmentOf, type Finding, list, type Named, type SchoolTemplates } from './template.ts';

const numberAt = (named: Named, ...path: string[]): number | undefined =>
  asNumber(at(named.properties, ...path));

/** What an API waits for ends in time: 30 s is the most an HTTP API allows, 29 s a WebSocket API. */
export function apiTimeouts(school: SchoolTemplates): Finding[] {
  return school.ofType('AWS::ApiGatewayV2::Integration').flatMap((integration) => {
    const isWebSocket =
      school.target(integration.properties['ApiId'])?.properties['ProtocolType'] === 'WEBSOCKET';
    const most = isWebSocket ? 29_000 : 30_000;
    const waits = numberAt(integration, 'TimeoutInMillis') ?? most;
    const fn = school.target(integration.properties['IntegrationUri']);
    const runs = (fn && numberAt(fn, 'Timeout')) ?? 3;
    const finding = (message: string): Finding => ({
      rule: 'api-timeout',
      resource: integration.id,
      message,
    });
    return [
      ...(waits > most ? [finding(`waits ${waits} ms, at most ${most} are allowed`)] : []),
      ...(runs * 1000 > waits ? [finding(`${fn?.id} may run ${runs} s, longer than the API waits`)] : []),
    ];
  });
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const reserved = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

/** Lambda refuses variables of its own names and more than 4 KB in all. */
export function environments(school: SchoolTemplates): Finding[] {
  return school.ofType('AWS::Lambda::Function').flatMap((fn) => {
    const variables = Object.entries(environmentOf(fn));
    const size = variables.reduce(
      (sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value),
      0,
    );
    const finding = (message: string): Finding => ({ rule: 'environment', resource: fn.id, message });
    return [
      ...variables.filter(([name]) => reserved.has(name)).map(([name]) => finding(`${name} is reserved`)),
      ...(size > 4096 ? [finding(`${size} bytes, at most 4096 are allowed`)] : []),
    ];
  });
}

/** A reference becomes a name or an ARN: 200 bytes is more than any of ours. */
const valueSize = (value: Json): number => (typeof value === 'string' ? Buffer.byteLength(value) : 200);

/** Sources are read within the limits of Lambda. */
export function eventSources(school: SchoolTemplates): Finding[] {
  return school.ofType('AWS::Lambda::EventSourceMapping').flatMap((mapping) => {
    const { properties } = mapping;
    const finding = (message: string): Finding => ({ rule: 'event-source', resource: mapping.id, message });
    const partial = asList(properties['FunctionResponseTypes']).includes('ReportBatchItemFailures');
    const always = partial ? [] : [finding('a batch with one bad record is retried whole')];
    if (school.target(properties['EventSourceArn'])?.type === 'AWS::SQS::Queue') {
      const batch = numberAt(mapping, 'BatchSize') ?? 10;
      const window = numberAt(mapping, 'MaximumBatchingWindowInSeconds') ?? 0;
      const tooLarge = batch > 10 && window === 0;
      return [...always, ...(tooLarge ? [finding(`a batch of ${batch} needs a batching window`)] : [])];
    }
    const retries = numberAt(mapping, 'MaximumRetryAttempts') ?? -1;
    return [
      ...always,
      ...(properties['StartingPosition'] === undefined ? [finding('a stream needs a StartingPosition')] : []),
      ...(retries < 0 ? [finding('retries without end: one bad record stops the shard for a day')] : []),
      ...(at(properties, 'DestinationConfig', 'OnFailure', 'Destination') === undefined
        ? [finding('drops what fails: no on-failure destination')]
        : []),
    ];
  });
}

/** https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities */
const givenByDocker = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

/** With these root can start a process as somebody else and end it, and nothing more. */
const ofSupervisor = new Set(['KILL', 'SETGID', 'SETUID']);

/** Containers stop within Fargate's limit, with the least power, and write only where they were given room. */
export function containers(school: SchoolTemplates): Finding[] {
  return school.ofType('AWS::ECS::TaskDefinition').flatMap((task) =>
    list(task.properties['ContainerDefinitions']).flatMap((container) => {
      const finding = (message: string): Finding => ({ rule: 'container', resource: task.id, message });
      const stop = asNumber(at(container, 'StopTimeout')) ?? 30;
      return [
        ...(stop > 120 ? [finding(`StopTimeout ${stop} s, Fargate allows at most 120`)] : []),
        ...(at(container, 'ReadonlyRootFilesystem') === true
          ? []
          : [finding('its root file system is writable')]),
        ...powersOf(school, container).map(finding),
      ];
    }),
  );
}

function powersOf(school: SchoolTemplates, container: Json): string[] {
  const named = (which: 'Add' | 'Drop') =>
    list(at(container, 'LinuxParameters', 'Capabilities', which)).map((one) => school.text(one));
  const refused = named('Add').filter((name) => name !== 'SYS_PTRACE');
  const dropped = new Set(named('Drop'));
  const left = [
    ...(dropped.has('ALL') ? [] : givenByDocker.filter((name) => !dropped.has(name))),
    ...named('Add'),
  ];
  const excess = left.filter((name) => !ofSupervisor.has(name));
  const user = school.text(at(container, 'User'));
  const isRoot = user === '' || /^(root|0)(:|$)/.test(user);
  return [
    ...refused.map((name) => `Fargate refuses to add the capability ${name}`),
    ...(isRoot && excess.length > 0 ? [`runs as root with ${excess.join(', ')}`] : []),
  ];
}

/** Schedules that EventBridge understands; it refuses `rate(1 minutes)` and a cron without `?`. */
export function schedules(school: SchoolTemplates): Finding[] {
  return school.ofType('AWS::Scheduler::Schedule', 'AWS::Events::Rule').flatMap(({ id, properties }) => {
    const expression = properties['ScheduleExpression'];
    if (expression === undefined) return [];
    const problem = scheduleProblem(school.text(expression));
    return problem === undefined ? [] : [{ rule: 'schedule', resource: id, message: problem }];
  });
}

function scheduleProblem(expression: string): string | undefined {
  const [, count, unit = ''] = /^rate\((\d+) (\w+)\)$/.exec(expression) ?? [];
  if (count !== undefined && (count === '1') === unit.endsWith('s'))
    return `${expression}: singular for 1 only`;
  try {
    return parseSchedule(expression).next(new Date()) === null ? `${expression} never happens` : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Stacks stay below CloudFormation's 500 resources and 1 MB, and the API below its 300 routes. */
export function sizes(school: SchoolTemplates): Finding[] {
  const stacks = Object.entries(school.stacks).flatMap(([name, template]) => {
    const count = Object.keys(template.Resources).length;
    const bytes = Buffer.byteLength(JSON.stringify(template));
    const finding = (message: string): Finding => ({ rule: 'size', resource: name, message });
    return [
      ...(count >= 500 ? [finding(`${count} resources, fewer than 500 are allowed`)] : []),
      ...(bytes > 1_000_000 ? [finding(`${bytes} bytes, at most 1 MB is allowed`)] : []),
    ];
  });
  const routes = school.ofType('AWS::ApiGatewayV2::Route').length;
  return routes > 300
    ? [...stacks, { rule: 'size', resource: 'routes', message: `${routes} routes, at most 300 are allowed` }]
    : stacks;
}
