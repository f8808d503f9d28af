import { evaluate } from '../local/iam.ts';
import { asNumber, at, type Json } from '../local/json.ts';
import { statementsOf, workloadsOf } from './roles.ts';
import { type Finding, list, type Named, type SchoolTemplates } from './template.ts';

/** Types whose deletion or replacement would lose what a school has. */
const statefulTypes = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::SecretsManager::Secret'] as const;

/** Keys and attribute definitions of the table agree; CloudFormation notices only when it deploys. */
export function tableKeys(school: SchoolTemplates): Finding[] {
  return school.ofType('AWS::DynamoDB::Table').flatMap((table) => {
    const names = (value: Json | undefined) =>
      list(value).map((one) => school.text(at(one, 'AttributeName')));
    const indexes = list(table.properties['GlobalSecondaryIndexes']).flatMap((one) =>
      names(at(one, 'KeySchema')),
    );
    const keys = new Set([...names(table.properties['KeySchema']), ...indexes]);
    const defined = new Set(names(table.properties['AttributeDefinitions']));
    const finding = (message: string): Finding => ({ rule: 'table-keys', resource: table.id, message });
    return [
      ...[...keys]
        .filter((key) => !defined.has(key))
        .map((key) => finding(`the key ${key} has no attribute definition`)),
      ...[...defined]
        .filter((key) => !keys.has(key))
        .map((key) => finding(`the attribute ${key} is defined but is no key`)),
    ];
  });
}

/** What holds data stays when its stack goes, and the table can be put back to any minute. */
export function retained(school: SchoolTemplates): Finding[] {
  const kept = school
    .ofType(...statefulTypes)
    .flatMap(({ id, resource }) =>
      resource.DeletionPolicy === 'Retain' && resource.UpdateReplacePolicy === 'Retain'
        ? []
        : [{ rule: 'retained', resource: id, message: 'would be deleted with its stack' }],
    );
  const recoverable = school
    .ofType('AWS::DynamoDB::Table')
    .filter(
      ({ properties }) =>
        at(properties, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled') !== true,
    )
    .map(({ id }) => ({ rule: 'retained', resource: id, message: 'has no point-in-time recovery' }));
  return [...kept, ...recoverable];
}

/** The logical ids of what holds data, by stack without the school's name; a changed id is a new, empty resource. */
export function statefulIds(school: SchoolTemplates): string[] {
  const types: readonly string[] = statefulTypes;
  return Object.values(school.stacks)
    .flatMap(({ Resources }) => Object.entries(Resources))
    .filter(([, { Type }]) => types.includes(Type))
    .map(([id, { Type }]) => `${Type} ${id}`)
    .sort();
}

/** The stateful resources are the committed ones. */
export function sameStatefulIds(school: SchoolTemplates, committed: readonly string[]): Finding[] {
  const now = new Set(statefulIds(school));
  const before = new Set(committed);
  const finding = (resource: string, message: string): Finding => ({
    rule: 'stateful-ids',
    resource,
    message,
  });
  return [
    ...[...before]
      .filter((id) => !now.has(id))
      .map((id) => finding(id, 'is gone: its data would be orphaned')),
    ...[...now]
      .filter((id) => !before.has(id))
      .map((id) => finding(id, 'is new: commit it, or restore the old id')),
  ];
}

/** A message stays hidden for six times as long as its consumer may take. */
export function visibility(school: SchoolTemplates): Finding[] {
  return school.ofType('AWS::Lambda::EventSourceMapping').flatMap(({ properties }) => {
    const queue = school.target(properties['EventSourceArn']);
    const fn = school.target(properties['FunctionName']);
    if (queue?.type !== 'AWS::SQS::Queue' || fn === undefined) return [];
    const hidden = asNumber(queue.properties['VisibilityTimeout']) ?? 30;
    const needed = 6 * (asNumber(fn.properties['Timeout']) ?? 3);
    return hidden >= needed
      ? []
      : [
          {
            rule: 'visibility',
            resource: queue.id,
            message: `hides a message ${hidden} s; ${needed} are needed`,
          },
        ];
  });
}

/** Every queue ends in a dead-letter queue, and every dead-letter queue has an alarm that somebody gets. */
export function deadLetters(school: SchoolTemplates): Finding[] {
  const consumed = new Set(consumedQueues(school));
  const redriven = new Set(
    school.ofType('AWS::SQS::Queue').map((queue) => deadLetterTarget(school, queue)?.id),
  );
  return school.ofType('AWS::SQS::Queue').flatMap((queue) => {
    const finding = (message: string): Finding => ({ rule: 'dead-letters', resource: queue.id, message });
    if (deadLetterTarget(school, queue) !== undefined) return [];
    if (consumed.has(queue.id)) return [finding('has a consumer but no dead-letter queue')];
    if (!redriven.has(queue.id) && !receivesFailures(school, queue)) return [finding('nothing sends to it')];
    return isWatched(school, queue) ? [] : [finding('is a dead-letter queue without an alarm')];
  });
}

/** Queues that Lambda polls for a function, or that a workload may poll itself. */
function consumedQueues(school: SchoolTemplates): (string | undefined)[] {
  const polled = school
    .ofType('AWS::Lambda::EventSourceMapping')
    .map(({ properties }) => school.target(properties['EventSourceArn'])?.id);
  const roles = workloadsOf(school).map(({ role }) => statementsOf(school, role));
  const received = school.ofType('AWS::SQS::Queue').filter(({ id }) => {
    const request = { action: 'sqs:ReceiveMessage', resource: `<${id}.Arn>` };
    return roles.some((statements) => evaluate(statements, request) === 'allowed');
  });
  return [...polled, ...received.map(({ id }) => id)];
}

function deadLetterTarget(school: SchoolTemplates, queue: Named): Named | undefined {
  return school.target(at(queue.properties, 'RedrivePolicy', 'deadLetterTargetArn'));
}

/** Whether schedules, rules or asynchronous invocations leave there what they could not deliver. */
function receivesFailures(school: SchoolTemplates, queue: Named): boolean {
  const places = [
    ...school
      .ofType('AWS::Scheduler::Schedule')
      .map(({ properties }) => at(properties, 'Target', 'DeadLetterConfig', 'Arn')),
    ...school
      .ofType('AWS::Events::Rule')
      .flatMap(({ properties }) =>
        list(properties['Targets']).map((target) => at(target, 'DeadLetterConfig', 'Arn')),
      ),
    ...school
      .ofType('AWS::Lambda::EventInvokeConfig')
      .map(({ properties }) => at(properties, 'DestinationConfig', 'OnFailure', 'Destination')),
  ];
  return places.some((place) => school.target(place)?.id === queue.id);
}

function isWatched(school: SchoolTemplates, queue: Named): boolean {
  return school
    .ofType('AWS::CloudWatch::Alarm')
    .some(
      ({ properties }) =>
        properties['MetricName'] === 'ApproximateNumberOfMessagesVisible' &&
        list(properties['Dimensions']).some((one) => school.target(at(one, 'Value'))?.id === queue.id) &&
        list(properties['AlarmActions']).some((action) => school.target(action)?.type === 'AWS::SNS::Topic'),
    );
}
