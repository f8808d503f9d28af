import { isObject, type Json } from '../local/json.ts';
import type { Finding, SchoolTemplates } from './template.ts';

/** Names that are unique only within their parent, so that two schools may both use them. */
const local = new Set([
  'AWS::ApplicationAutoScaling::ScalableTarget.ScheduledActionName',
  'AWS::ApiGatewayV2::Stage.StageName',
  'AWS::CloudFront::Distribution.HeaderName',
  'AWS::DynamoDB::Table.AttributeName',
  'AWS::DynamoDB::Table.IndexName',
  'AWS::ECS::Cluster.Name',
  'AWS::ECS::TaskDefinition.Name',
  'AWS::ECS::TaskDefinition.SourceVolume',
  'AWS::IAM::Policy.PolicyName',
  'AWS::IAM::Role.PolicyName',
  'AWS::Lambda::Function.Name',
  'AWS::EC2::VPCEndpoint.ServiceName',
  'AWS::CloudWatch::Alarm.MetricName',
  'AWS::CloudWatch::Alarm.Name',
]);

/** Every fixed name in a school's templates that must be unique in an account, with where it stands. */
export function physicalNames(school: SchoolTemplates): Map<string, string> {
  const stacks = Object.keys(school.stacks).map((name): [string, string] => [`stack ${name}`, name]);
  const exports = Object.values(school.stacks).flatMap(({ Outputs }) =>
    Object.entries(Outputs).flatMap(([id, { Export }]): [string, string][] =>
      Export === undefined ? [] : [[`export ${school.text(Export.Name)}`, id]],
    ),
  );
  const named = school.all.flatMap(({ id, type, properties }) =>
    namesIn(type, properties).map((name): [string, string] => [`${type} ${name}`, id]),
  );
  return new Map([...stacks, ...exports, ...named]);
}

function namesIn(type: string, value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap((one: Json) => namesIn(type, one));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    // Nor are references, lists of {Key, Value}, dimensions and headers names of resources.
    if (
      key.startsWith('Fn::') ||
      key === 'Tags' ||
      key === 'Environment' ||
      key === 'Metrics' ||
      key === 'CustomHeadersConfig'
    )
      return [];
    if (/^(Name|Family|.+Name)$/.test(key) && typeof inner === 'string') {
      return local.has(`${type}.${key}`) ? [] : [inner];
    }
    return namesIn(type, inner);
  });
}

/** Two schools in one account must not want the same name. */
export function distinctNames(one: SchoolTemplates, other: SchoolTemplates): Finding[] {
  const names = physicalNames(one);
  return [...physicalNames(other)]
    .filter(([name]) => names.has(name))
    .map(([name, id]) => ({ rule: 'distinct-names', resource: id, message: `both schools name a ${name}` }));
}
