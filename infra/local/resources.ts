import { createHash } from 'node:crypto';
import { asText, type JsonObject } from './json.ts';

/** What the name and the attributes of a resource are made of. */
export interface Identity {
  readonly logicalId: string;
  readonly type: string;
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
  readonly properties: JsonObject;
  /** Address of the one port where the local AWS services listen. */
  readonly gateway: string;
  /** ARNs of the secrets that exist, by name: they end in random characters. */
  readonly secretArns: ReadonlyMap<string, string>;
}

type Attribute = (identity: Identity) => string;
interface Kind {
  /** The value of `Ref`. */
  readonly ref: Attribute;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The same name at every start: `<stack>-<logical id>`, shortened with a hash where the service wants less. */
const named =
  (property: string, limit: number): Attribute =>
  ({ properties, stackName, logicalId }) => {
    const given = asText(properties[property]);
    if (given !== undefined) return given;
    const full = `${stackName}-${logicalId}`;
    return full.length <= limit ? full : `${full.slice(0, limit - 9)}-${digest(full).slice(0, 8)}`;
  };

const lower =
  (attribute: Attribute): Attribute =>
  (identity) =>
    attribute(identity).toLowerCase();

const arn =
  (service: string, resource: Attribute): Attribute =>
  (identity) =>
    `arn:aws:${service}:${identity.region}:${identity.accountId}:${resource(identity)}`;

const prefixed =
  (prefix: string, attribute: Attribute): Attribute =>
  (identity) =>
    prefix + attribute(identity);

/** Ten lower-case letters and digits, as API Gateway and CloudFront make them. */
const shortId: Attribute = ({ stackName, logicalId }) => digest(`${stackName}/${logicalId}`).slice(0, 10);

const tableName = named('TableName', 255);
const tableArn = arn('dynamodb', prefixed('table/', tableName));
const bucketName = lower(named('BucketName', 63));
const queueName = named('QueueName', 80);
const functionName = named('FunctionName', 64);
const roleName = named('RoleName', 64);
const clusterName = named('ClusterName', 255);
const serviceName = named('ServiceName', 255);
const secretName = named('Name', 512);
const ruleName = named('Name', 64);
const scheduleGroup: Attribute = ({ properties }) => asText(properties['GroupName']) ?? 'default';

const secretArn: Attribute = (one) =>
  one.secretArns.get(secretName(one)) ?? arn('secretsmanager', prefixed('secret:', secretName))(one);

const table: Kind = {
  ref: tableName,
  attributes: {
    Arn: tableArn,
    StreamArn: (one) => `${tableArn(one)}/stream/local`,
    TableId: shortId,
  },
};

const endpointHost: Attribute = (one) => `${shortId(one)}.execute-api.${one.region}.amazonaws.com`;

const taskFamily: Attribute = (one) => asText(one.properties['Family']) ?? named('Family', 255)(one);

/** The form that names the cluster, too. */
const serviceArn: Attribute = (one) => {
  const cluster = asText(one.properties['Cluster'])?.split('/').at(-1) ?? 'default';
  return arn('ecs', prefixed(`service/${cluster}/`, serviceName))(one);
};

/** Resource types that the one-machine cloud implements. */
const handled: Readonly<Record<string, Kind>> = {
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::S3::Bucket': {
    ref: bucketName,
    attributes: {
      Arn: prefixed('arn:aws:s3:::', bucketName),
      DomainName: (one) => `${bucketName(one)}.s3.amazonaws.com`,
      RegionalDomainName: (one) => `${bucketName(one)}.s3.${one.region}.amazonaws.com`,
    },
  },
  'AWS::SQS::Queue': {
    ref: (one) => `${one.gateway}/${one.accountId}/${queueName(one)}`,
    attributes: {
      Arn: arn('sqs', queueName),
      QueueName: queueName,
      QueueUrl: (one) => `${one.gateway}/${one.accountId}/${queueName(one)}`,
    },
  },
  'AWS::SecretsManager::Secret': { ref: secretArn, attributes: { Id: secretArn, Name: secretName } },
  'AWS::IAM::Role': {
    ref: roleName,
    attributes: {
      Arn: (one) => `arn:aws:iam::${one.accountId}:role/${roleName(one)}`,
      RoleId: shortId,
    },
  },
  'AWS::IAM::Policy': { ref: named('PolicyName', 128) },
  'AWS::IAM::ManagedPolicy': {
    ref: (one) => `arn:aws:iam::${one.accountId}:policy/${named('ManagedPolicyName', 128)(one)}`,
  },
  'AWS::Lambda::Function': {
    ref: functionName,
    attributes: { Arn: arn('lambda', prefixed('function:', functionName)) },
  },
  'AWS::Lambda::Version': {
    ref: (one) => `${functionArnOf(one)}:1`,
    attributes: { FunctionArn: (one) => `${functionArnOf(one)}:1`, Version: () => '1' },
  },
  'AWS::Lambda::Alias': {
    ref: (one) => `${functionArnOf(one)}:${asText(one.properties['Name']) ?? 'live'}`,
    attributes: { AliasArn: (one) => `${functionArnOf(one)}:${asText(one.properties['Name']) ?? 'live'}` },
  },
  'AWS::Lambda::EventSourceMapping': { ref: shortId, attributes: { Id: shortId } },
  'AWS::Lambda::EventInvokeConfig': { ref: shortId },
  'AWS::ApiGatewayV2::Api': {
    ref: shortId,
    attributes: {
      ApiId: shortId,
      ApiEndpoint: (one) =>
        `${asText(one.properties['ProtocolType']) === 'WEBSOCKET' ? 'wss' : 'https'}://${endpointHost(one)}`,
    },
  },
  'AWS::ApiGatewayV2::Integration': { ref: shortId },
  'AWS::ApiGatewayV2::Route': { ref: shortId },
  'AWS::ApiGatewayV2::Stage': { ref: named('StageName', 128) },
  'AWS::ECS::Cluster': {
    ref: clusterName,
    attributes: { Arn: arn('ecs', prefixed('cluster/', clusterName)) },
  },
  'AWS::ECS::Service': {
    ref: serviceArn,
    attributes: { Name: serviceName, ServiceArn: serviceArn },
  },
  'AWS::ECS::TaskDefinition': {
    ref: arn('ecs', (one) => `task-definition/${taskFamily(one)}:1`),
    attributes: { TaskDefinitionArn: arn('ecs', (one) => `task-definition/${taskFamily(one)}:1`) },
  },
  'AWS::Events::Rule': { ref: ruleName, attributes: { Arn: arn('events', prefixed('rule/', ruleName)) } },
  'AWS::Scheduler::Schedule': {
    ref: ruleName,
    attributes: { Arn: arn('scheduler', (one) => `schedule/${scheduleGroup(one)}/${ruleName(one)}`) },
  },
  'AWS::CloudFront::Distribution': {
    ref: shortId,
    attributes: { DomainName: (one) => `${shortId(one)}.cloudfront.net`, Id: shortId },
  },
  'AWS::CloudFront::ResponseHeadersPolicy': { ref: shortId, attributes: { Id: shortId } },
  'AWS::CloudFront::Function': {
    ref: (one) => `arn:aws:cloudfront::${one.accountId}:function/${shortId(one)}`,
    attributes: { FunctionARN: (one) => `arn:aws:cloudfront::${one.accountId}:function/${shortId(one)}` },
  },
  'Custom::Trigger': { ref: shortId },
  'Custom::CDKBucketDeployment': { ref: shortId, attributes: { DestinationBucketArn: shortId } },
};

/** Resource types without a local counterpart, each with the reason why nothing is lost. */
const ignored: Readonly<Record<string, string>> = {
  'AWS::Lambda::Permission': 'API Gateway and EventBridge here invoke only what the template routes to',
  'AWS::Lambda::LayerVersion': "only CDK's bucket deployment uses one; the runner copies the files itself",
  'AWS::S3::BucketPolicy': 'buckets answer on loopback to the roles of the template, never to the public',
  'AWS::SQS::QueuePolicy': 'queues answer on loopback to the roles of the template',
  'AWS::Logs::LogGroup': 'logs are files in the data folder, rotated by size',
  'AWS::Logs::MetricFilter': 'no metrics service; the logs hold the same lines',
  'AWS::CloudWatch::Alarm': 'no metrics service on one machine',
  'AWS::CloudWatch::CompositeAlarm': 'no metrics service on one machine',
  'AWS::CloudWatch::Dashboard': 'no metrics service on one machine',
  'AWS::SNS::Topic': 'carries alarms only',
  'AWS::SNS::TopicPolicy': 'carries alarms only',
  'AWS::SNS::Subscription': 'carries alarms only',
  'AWS::KMS::Key': 'data lies unencrypted in the data folder, as any file of its owner',
  'AWS::KMS::Alias': 'see AWS::KMS::Key',
  'AWS::Budgets::Budget': 'one machine costs nothing',
  'AWS::Backup::BackupVault': 'a backup of one machine is a copy of its data folder',
  'AWS::Backup::BackupPlan': 'see AWS::Backup::BackupVault',
  'AWS::Backup::BackupSelection': 'see AWS::Backup::BackupVault',
  'AWS::WAFv2::WebACL': 'the front door listens on loopback',
  'AWS::Route53::RecordSet': 'the address is 127.0.0.1',
  'AWS::CDK::Metadata': 'statistics of CDK itself',
  'AWS::CloudFront::CachePolicy': 'the front door caches nothing',
  'AWS::CloudFront::OriginRequestPolicy': 'the front door forwards the whole request',
  'AWS::CloudFront::OriginAccessControl': 'the front door reads the bucket itself',
  'AWS::Scheduler::ScheduleGroup': 'a name only',
  'AWS::ECS::ClusterCapacityProviderAssociations': 'there is one kind of capacity: this machine',
  'AWS::ApplicationAutoScaling::ScalableTarget':
    'one machine has nothing more to scale to, and nothing to save: a service keeps its count',
  'AWS::ApplicationAutoScaling::ScalingPolicy': 'see AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::EC2::VPC': 'tasks are processes of this machine, without a network of their own',
  'AWS::EC2::Subnet': 'see AWS::EC2::VPC',
  'AWS::EC2::RouteTable': 'see AWS::EC2::VPC',
  'AWS::EC2::SubnetRouteTableAssociation': 'see AWS::EC2::VPC',
  'AWS::EC2::Route': 'see AWS::EC2::VPC',
  'AWS::EC2::InternetGateway': 'see AWS::EC2::VPC',
  'AWS::EC2::VPCGatewayAttachment': 'see AWS::EC2::VPC',
  'AWS::EC2::SecurityGroup': 'see AWS::EC2::VPC',
  'AWS::EC2::VPCEndpoint': 'see AWS::EC2::VPC',
  'AWS::EC2::FlowLog': 'see AWS::EC2::VPC',
  'Custom::S3AutoDeleteObjects': 'nothing is torn down: the data folder stays until its owner deletes it',
  'Custom::VpcRestrictDefaultSG': 'see AWS::EC2::VPC',
};

/** The version of a function that nobody publishes here: aliases and versions mean the function itself. */
function functionArnOf({ properties, region, accountId }: Identity): string {
  const name = asText(properties['FunctionName']) ?? '';
  return name.startsWith('arn:') ? name : `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}

/** Whether the type is implemented, deliberately ignored (with the reason), or not known at all. */
export function standing(
  type: string,
): { readonly state: 'handled' | 'unknown' } | { readonly state: 'ignored'; readonly reason: string } {
  if (type in handled) return { state: 'handled' };
  const reason = ignored[type];
  return reason === undefined ? { state: 'unknown' } : { state: 'ignored', reason };
}

/** What `Ref` gives for a resource: its name, ARN or URL, depending on the type. */
export function referenceTo(identity: Identity): string {
  return handled[identity.type]?.ref(identity) ?? `${identity.stackName}-${identity.logicalId}`;
}

/** What `Fn::GetAtt` gives. Attributes of ignored resources (a security group's id …) are names that lead nowhere. */
export function attributeOf(identity: Identity, name: string): string {
  const kind = handled[identity.type];
  const attribute = kind?.attributes?.[name];
  if (attribute !== undefined) return attribute(identity);
  if (kind !== undefined)
    throw new Error(`${identity.type} has no local attribute ${name} (${identity.logicalId})`);
  const local = `${identity.stackName}-${identity.logicalId}`;
  return name.endsWith('Arn')
    ? `arn:aws:local:${identity.region}:${identity.accountId}:${local}`
    : `${local}-${name}`;
}
