/**
 * The IAM actions that our policies may name, from the Service Authorization Reference of each service. A
 * misspelled action deploys without a complaint and grants nothing, so a new one has to be added here.
 */
export const knownActions: Readonly<Record<string, readonly string[]>> = {
  cloudfront: ['CreateInvalidation', 'GetInvalidation'],
  dynamodb: [
    'BatchGetItem',
    'BatchWriteItem',
    'ConditionCheckItem',
    'DeleteItem',
    'DescribeStream',
    'DescribeTable',
    'GetItem',
    'GetRecords',
    'GetShardIterator',
    'ListStreams',
    'PutItem',
    'Query',
    'UpdateItem',
  ],
  ecr: ['BatchCheckLayerAvailability', 'BatchGetImage', 'GetAuthorizationToken', 'GetDownloadUrlForLayer'],
  ecs: [
    'DescribeServices',
    'DescribeTasks',
    'ListTasks',
    'RunTask',
    'StopTask',
    'TagResource',
    'UpdateService',
  ],
  'execute-api': ['Invoke', 'ManageConnections'],
  iam: ['PassRole'],
  lambda: ['InvokeFunction'],
  logs: ['CreateLogGroup', 'CreateLogStream', 'PutLogEvents'],
  s3: [
    'AbortMultipartUpload',
    'DeleteObject',
    'GetObject',
    'GetObjectTagging',
    'ListBucket',
    'ListMultipartUploadParts',
    'PutObject',
    'PutObjectLegalHold',
    'PutObjectRetention',
    'PutObjectTagging',
    'PutObjectVersionTagging',
  ],
  secretsmanager: ['DescribeSecret', 'GetSecretValue'],
  sns: ['Publish'],
  sqs: [
    'ChangeMessageVisibility',
    'DeleteMessage',
    'GetQueueAttributes',
    'GetQueueUrl',
    'ReceiveMessage',
    'SendMessage',
  ],
  sts: ['AssumeRole'],
  xray: ['PutTelemetryRecords', 'PutTraceSegments'],
};

/** Actions that have no resource to name, so that `*` is the only thing one can write. */
export const withoutResource: ReadonlySet<string> = new Set([
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
  'ecr:GetAuthorizationToken',
  'dynamodb:ListStreams',
]);
