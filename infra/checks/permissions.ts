import { evaluate, type Statement } from '../local/iam.ts';
import { asObject, at, type Json } from '../local/json.ts';
import { knownActions, withoutResource } from './known-actions.ts';
import { statementsOf, workloadsOf } from './roles.ts';
import { type Finding, list, type Named, type SchoolTemplates } from './template.ts';

const texts = (value: Statement['Action']): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** Whoever invokes a function has the permission for it: APIs, rules and schedules. */
export function invocationPermissions(school: SchoolTemplates): Finding[] {
  const rule = 'invocation-permission';
  const missing = (from: Named, fn: Named): Finding => ({
    rule,
    resource: from.id,
    message: `may not invoke ${fn.id}`,
  });
  const integrations = school.ofType('AWS::ApiGatewayV2::Integration').flatMap((integration) => {
    const fn = school.target(integration.properties['IntegrationUri']);
    const api = school.target(integration.properties['ApiId']);
    if (fn === undefined || api === undefined) return [];
    return permits(school, fn, 'apigateway.amazonaws.com', api.id) ? [] : [missing(integration, fn)];
  });
  const rules = school.ofType('AWS::Events::Rule').flatMap((one) =>
    list(one.properties['Targets']).flatMap((target) => {
      const fn = school.target(at(target, 'Arn'));
      if (fn?.type !== 'AWS::Lambda::Function') return [];
      return permits(school, fn, 'events.amazonaws.com', one.id) ? [] : [missing(one, fn)];
    }),
  );
  const schedules = school.ofType('AWS::Scheduler::Schedule').flatMap((schedule) => {
    const fn = school.target(at(schedule.properties, 'Target', 'Arn'));
    const role = school.target(at(schedule.properties, 'Target', 'RoleArn'));
    if (fn === undefined) return [];
    const statements = role === undefined ? [] : statementsOf(school, role);
    const request = { action: 'lambda:InvokeFunction', resource: `<${fn.id}.Arn>` };
    return evaluate(statements, request) === 'allowed' ? [] : [missing(schedule, fn)];
  });
  return [...integrations, ...rules, ...schedules];
}

function permits(school: SchoolTemplates, fn: Named, principal: string, sourceId: string): boolean {
  return school.ofType('AWS::Lambda::Permission').some(({ properties }) => {
    const source = school.text(properties['SourceArn']);
    return (
      properties['Principal'] === principal &&
      properties['Action'] === 'lambda:InvokeFunction' &&
      school.target(properties['FunctionName'])?.id === fn.id &&
      (source.includes(`<${sourceId}>`) || source.includes(`<${sourceId}.Arn>`))
    );
  });
}

/** A service may invoke a function only on behalf of one of our resources (the confused deputy). */
export function permissionSources(school: SchoolTemplates): Finding[] {
  return school
    .ofType('AWS::Lambda::Permission')
    .filter(({ properties }) => school.target(properties['SourceArn']) === undefined)
    .map(({ id }) => ({ rule: 'permission-source', resource: id, message: 'names no resource of ours' }));
}

/** Event source mappings can read their source with the role of their function. */
export function sourcePermissions(school: SchoolTemplates): Finding[] {
  return school.ofType('AWS::Lambda::EventSourceMapping').flatMap((mapping) => {
    const fn = school.target(mapping.properties['FunctionName']);
    const role = school.target(fn?.properties['Role']);
    const statements = role === undefined ? [] : statementsOf(school, role);
    const resource = school.text(mapping.properties['EventSourceArn']);
    const isQueue = school.target(mapping.properties['EventSourceArn'])?.type === 'AWS::SQS::Queue';
    const needed = isQueue
      ? ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']
      : ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'];
    return needed
      .filter((action) => evaluate(statements, { action, resource }) !== 'allowed')
      .map((action) => ({
        rule: 'source-permission',
        resource: mapping.id,
        message: `${fn?.id} lacks ${action}`,
      }));
  });
}

/** Whoever may run a task may also hand it both of its roles. */
export function passedRoles(school: SchoolTemplates): Finding[] {
  const tasks = school.ofType('AWS::ECS::TaskDefinition');
  return school.ofType('AWS::IAM::Role').flatMap((role) => {
    const statements = statementsOf(school, role);
    const startable = tasks.filter(({ id }) =>
      statements.some(
        ({ Action, Resource }) =>
          texts(Action).includes('ecs:RunTask') && texts(Resource).includes(`<${id}>`),
      ),
    );
    return startable.flatMap(({ properties }) =>
      [properties['TaskRoleArn'], properties['ExecutionRoleArn']]
        .map((passed) => school.text(passed))
        .filter((resource) => {
          const context = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
          return evaluate(statements, { action: 'iam:PassRole', resource, context }) !== 'allowed';
        })
        .map((passed) => ({
          rule: 'passed-role',
          resource: role.id,
          message: `runs a task but may not pass ${passed}`,
        })),
    );
  });
}

/** Every action exists; wildcards in actions match at least one known action and stay out of our own roles. */
export function actionsExist(school: SchoolTemplates): Finding[] {
  return school.ofType('AWS::IAM::Role').flatMap((role) =>
    statementsOf(school, role)
      .flatMap(({ Action }) => texts(Action))
      .filter((action) => !isKnown(action))
      .map((action) => ({
        rule: 'unknown-action',
        resource: role.id,
        message: `${action} is not a known action`,
      })),
  );
}

function isKnown(action: string): boolean {
  const [service = '', name = ''] = action.split(':');
  const known = knownActions[service] ?? [];
  return name.endsWith('*')
    ? name.length > 1 && (known.some((one) => one.startsWith(name.slice(0, -1))) || name === 'GetBucket*')
    : known.includes(name);
}

/** Nobody may scan the table, and our own workloads use neither wildcard actions nor `*` as a resource. */
export function narrowGrants(school: SchoolTemplates): Finding[] {
  const scans = school
    .ofType('AWS::IAM::Role')
    .flatMap((role) =>
      evaluateScan(statementsOf(school, role))
        ? [{ rule: 'scan', resource: role.id, message: 'may scan the table' }]
        : [],
    );
  const wide = workloadsOf(school).flatMap(({ role }) =>
    statementsOf(school, role).flatMap(({ Effect, Action, Resource }) => {
      if (Effect === 'Deny') return [];
      const star = texts(Resource).includes('*');
      return texts(Action)
        .filter((action) => action.includes('*') || (star && !withoutResource.has(action)))
        .map((action) => ({
          rule: 'wide-grant',
          resource: role.id,
          message: `${action} on ${texts(Resource)}`,
        }));
    }),
  );
  return [...scans, ...wide];
}

function evaluateScan(statements: readonly Statement[]): boolean {
  return statements.some(({ Effect, Action, NotAction }) => {
    const covers = ['dynamodb:scan', 'dynamodb:partiqlselect'].some((scan) =>
      texts(Action).some(
        (action) =>
          evaluate([{ Effect: 'Allow', Action: action, Resource: '*' }], { action: scan, resource: 'x' }) ===
          'allowed',
      ),
    );
    return Effect === 'Allow' && (covers || NotAction !== undefined);
  });
}

/** Each role is trusted to the service that uses it, and to nobody else. */
export function trustPrincipals(school: SchoolTemplates): Finding[] {
  const users: { id: string; roleArn: Json | undefined; service: string }[] = [
    ...school
      .ofType('AWS::Lambda::Function')
      .map(({ id, properties }) => ({ id, roleArn: properties['Role'], service: 'lambda.amazonaws.com' })),
    ...school.ofType('AWS::ECS::TaskDefinition').flatMap(({ id, properties }) =>
      [properties['TaskRoleArn'], properties['ExecutionRoleArn']].map((roleArn) => ({
        id,
        roleArn,
        service: 'ecs-tasks.amazonaws.com',
      })),
    ),
    ...school.ofType('AWS::Scheduler::Schedule').map(({ id, properties }) => ({
      id,
      roleArn: at(properties, 'Target', 'RoleArn'),
      service: 'scheduler.amazonaws.com',
    })),
  ];
  return users.flatMap(({ id, roleArn, service }) => {
    const trusted = list(
      at(school.target(roleArn)?.properties, 'AssumeRolePolicyDocument', 'Statement'),
    ).flatMap((one) =>
      Object.entries(asObject(at(one, 'Principal'))).flatMap(([kind, who]) =>
        list(who).map((name) => `${kind}:${school.text(name)}`),
      ),
    );
    return trusted.length === 1 && trusted[0] === `Service:${service}`
      ? []
      : [
          {
            rule: 'trust',
            resource: id,
            message: `its role trusts ${trusted.join(', ') || 'nobody'}, not ${service}`,
          },
        ];
  });
}

/** A topic with its own policy lets CloudWatch publish: that policy replaces the default one. */
export function alarmTopics(school: SchoolTemplates): Finding[] {
  const policies = school.ofType('AWS::SNS::TopicPolicy');
  return school
    .ofType('AWS::SNS::Topic')
    .filter((topic) => {
      const own = policies.filter(({ properties }) =>
        list(properties['Topics']).some((one) => school.target(one)?.id === topic.id),
      );
      const statements = own.flatMap(({ properties }) => list(at(properties, 'PolicyDocument', 'Statement')));
      return (
        own.length > 0 &&
        !statements.some(
          (one) =>
            at(one, 'Effect') === 'Allow' &&
            list(at(one, 'Principal', 'Service')).includes('cloudwatch.amazonaws.com') &&
            list(at(one, 'Action')).includes('sns:Publish'),
        )
      );
    })
    .map(({ id }) => ({ rule: 'alarm-topic', resource: id, message: 'CloudWatch may not publish to it' }));
}
