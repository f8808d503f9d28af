import { artifactPrefixes } from '../constructs/bind.ts';
import { evaluate } from '../local/iam.ts';
import type { JsonObject } from '../local/json.ts';
import { statementsOf, type Workload, workloadsOf } from './roles.ts';
import type { Finding, SchoolTemplates } from './template.ts';

/** A call that a bundle makes: the IAM action, and the variable that says on what. */
interface Need {
  readonly action: string;
  readonly variable: string;
  /** From the resource that the variable refers to, to the ARN that the call acts on. */
  readonly arn: (id: string, region: string) => string;
  readonly context?: (environment: (name: string) => string) => Record<string, string>;
}

const table = (action: string): Need => ({ action, variable: 'TABLE_NAME', arn: (id) => `<${id}.Arn>` });
const index: Need = {
  action: 'dynamodb:Query',
  variable: 'TABLE_NAME',
  arn: (id) => `<${id}.Arn>/index/gsi1`,
};
/** Nothing in a bundle says which queue a call means: it must be allowed on each that the workload asks for. */
const queues = (action: string) => (_: JsonObject, code: string) =>
  [...new Set(code.match(/(?<=["'])[A-Z]+_QUEUE_URL(?=["'])/g))].map(
    (variable): Need => ({ action, variable, arn: (id) => `<${id}.Arn>` }),
  );
const object = (action: string, prefix: string): Need => ({
  action,
  variable: 'ARTIFACTS_BUCKET',
  arn: (id) => `<${id}.Arn>/${prefix}/any`,
});
/** Which objects a bundle may name. */
const prefixesIn = (code: string): readonly string[] =>
  artifactPrefixes.filter((prefix) => new RegExp(`[\`"']${prefix}/`).test(code));

/**
 * Nothing in a bundle says which of its commands means which of its objects: each command must be allowed on some of
 * them, and each of them to some command.
 */
function objectNeeds(used: readonly string[], code: string): (readonly Need[])[] {
  const actions = [...new Set(used.flatMap((name) => objectCommands[name] ?? []))];
  const named = prefixesIn(code);
  const prefixes = named.length > 0 ? named : artifactPrefixes.slice(0, 1);
  if (actions.length === 0) return [];
  return [
    ...actions.map((action) => prefixes.map((prefix) => object(action, prefix))),
    ...prefixes.map((prefix) => actions.map((action) => object(action, prefix))),
  ];
}

const objectCommands: Readonly<Record<string, string>> = {
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  PutObject: 's3:PutObject',
};
const connection = (method: string): Need => ({
  action: 'execute-api:ManageConnections',
  variable: 'WEBSOCKET_ENDPOINT',
  arn: (id, region) => `arn:aws:execute-api:${region}:<AWS::AccountId>:<${id}>/ws/${method}/@connections/any`,
});

/** The methods of `shared/table/table.ts`, which every caller names `table`. */
const tableMethods: Readonly<Record<string, readonly Need[]>> = {
  insert: [table('dynamodb:PutItem')],
  replace: [table('dynamodb:PutItem')],
  put: [table('dynamodb:PutItem')],
  update: [table('dynamodb:UpdateItem')],
  remove: [table('dynamodb:DeleteItem')],
  check: [table('dynamodb:ConditionCheckItem')],
  get: [table('dynamodb:GetItem')],
  getRaw: [table('dynamodb:BatchGetItem')],
  getMany: [table('dynamodb:BatchGetItem')],
  query: [table('dynamodb:Query'), index],
  queryAll: [table('dynamodb:Query'), index],
};

const runTask = (variable: string): Need => ({
  action: 'ecs:RunTask',
  variable,
  arn: (id) => `<${id}>`,
  context: (environment) => ({ 'ecs:cluster': environment('CLUSTER_ARN') }),
});

/** A task that takes over its definition's tags is tagged in the caller's name. */
const tagTask: Need = {
  action: 'ecs:TagResource',
  variable: 'CLUSTER_ARN',
  arn: (id, region) => `arn:aws:ecs:${region}:<AWS::AccountId>:task/<${id}>/any`,
  context: () => ({ 'ecs:CreateAction': 'RunTask' }),
};

const service = (action: string): Need => ({
  action,
  variable: 'GRADER_SERVICE',
  arn: (id) => `<${id}>`,
  context: (environment) => ({ 'ecs:cluster': environment('CLUSTER_ARN') }),
});

const secretNeed = (variable: string): Need => ({
  action: 'secretsmanager:GetSecretValue',
  variable,
  arn: (id) => `<${id}>`,
});

/** SDK commands of every service but DynamoDB, whose client lies behind the table's methods. */
const commands: Readonly<Record<string, (environment: JsonObject, code: string) => readonly Need[]>> = {
  SendMessage: queues('sqs:SendMessage'),
  SendMessageBatch: queues('sqs:SendMessage'),
  ChangeMessageVisibility: queues('sqs:ChangeMessageVisibility'),
  ReceiveMessage: queues('sqs:ReceiveMessage'),
  DeleteMessage: queues('sqs:DeleteMessage'),
  DeleteMessageBatch: queues('sqs:DeleteMessage'),
  GetQueueAttributes: queues('sqs:GetQueueAttributes'),
  PostToConnection: () => [connection('POST')],
  DeleteConnection: () => [connection('DELETE')],
  GetConnection: () => [connection('GET')],
  RunTask: (environment) =>
    Object.keys(environment)
      .filter((name) => name.endsWith('_TASK_DEFINITION_ARN'))
      .map(runTask),
  StopTask: () => [{ action: 'ecs:StopTask', variable: 'CLUSTER_ARN', arn: (id) => `<${id}>/task` }],
  UpdateService: () => [service('ecs:UpdateService')],
  DescribeServices: () => [service('ecs:DescribeServices')],
  GetSecretValue: (environment) =>
    Object.keys(environment)
      .filter((name) => name.endsWith('_SECRET_ARN'))
      .map(secretNeed),
};

/**
 * Commands behind the table's methods, and those that the SDK brings along: a paginator of Scan, endpoint
 * discovery, sessions of directory buckets. Nobody is granted a Scan, whatever a bundle contains.
 */
const indirect =
  /^((Get|Put|Update|Delete|BatchGet|TransactWrite)(Item|Items)?|Query|Scan|CreateSession|DescribeEndpoints)$/;

/** The SDK commands that a bundle makes; it has to be one whose names are not minified. */
function commandsIn(code: string): string[] {
  const found = code.matchAll(/\bnew\s+\(?([A-Z]\w*?)Command\d*\)?\(/g);
  const names = new Set([...found].map(([, name = '']) => name));
  return [...names].filter((name) => !indirect.test(name)).sort();
}

/** The methods of the table that a bundle calls. */
function tableCallsIn(code: string): string[] {
  const found = code.matchAll(/\btable\d*\.([a-zA-Z]+)\(/g);
  return [...new Set([...found].map(([, method = '']) => method))]
    .filter((method) => method in tableMethods)
    .sort();
}

/** Simulates each workload's role with every call its bundle makes on what its environment points to. */
export function lostGrants(school: SchoolTemplates, codeOf: (workload: string) => string): Finding[] {
  return workloadsOf(school).flatMap((workload) => {
    const code = codeOf(workload.name);
    const used = commandsIn(code);
    const unknown = used
      .filter((name) => commands[name] === undefined && objectCommands[name] === undefined)
      .map((name) => finding(workload, `${name}Command: add its action to the check`));
    const needs = [
      ...tableCallsIn(code).flatMap((method) => tableMethods[method] ?? []),
      ...used.flatMap((name) => commands[name]?.(workload.environment, code) ?? []),
      ...(used.includes('RunTask') && /\bpropagateTags\b/.test(code) ? [tagTask] : []),
    ];
    const objects = objectNeeds(used, code).flatMap((any) => {
      const lost = any.map((need) => unmet(school, workload, need));
      return lost.some((none) => none.length === 0) ? [] : (lost[0] ?? []);
    });
    return [...unknown, ...objects, ...needs.flatMap((need) => unmet(school, workload, need))];
  });
}

function unmet(school: SchoolTemplates, workload: Workload, need: Need): Finding[] {
  const target = school.target(workload.environment[need.variable]);
  if (target === undefined) return [finding(workload, `${need.action} needs the variable ${need.variable}`)];
  const request = {
    action: need.action,
    resource: need.arn(target.id, regionOf(school)),
    context: need.context?.((name) => school.text(workload.environment[name])) ?? {},
  };
  const decision = evaluate(statementsOf(school, workload.role), request);
  return decision === 'allowed' ? [] : [finding(workload, `lacks ${need.action} on ${request.resource}`)];
}

/** The region that the App stack reads the Data stack's outputs from. */
function regionOf(school: SchoolTemplates): string {
  const [, region = ''] = /"Region":"([a-z0-9-]+)"/.exec(JSON.stringify(school.stacks)) ?? [];
  return region;
}

function finding({ name, id }: Workload, message: string): Finding {
  return { rule: 'lost-grant', resource: id, message: `${name} ${message}` };
}
