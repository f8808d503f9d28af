/** A table like the school's, as a template describes it, and a writer that makes transactions of counters. */
import { account, region } from '#tests/support/cloud.ts';

export const key = (name: string) => [
  { AttributeName: `${name}pk`, KeyType: 'HASH' },
  { AttributeName: `${name}sk`, KeyType: 'RANGE' },
];
export const attributes = (...names: string[]) =>
  names.flatMap((name) => key(name).map(({ AttributeName }) => ({ AttributeName, AttributeType: 'S' })));
export const index = (IndexName: string) => ({
  IndexName,
  KeySchema: key(IndexName),
  Projection: { ProjectionType: 'ALL' },
});

export const TableName = 'School';
export const properties = {
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: key(''),
  AttributeDefinitions: attributes('', 'gsi1'),
  GlobalSecondaryIndexes: [index('gsi1')],
  TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  Replicas: [{ Region: region, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
};
export const tableArn = `arn:aws:dynamodb:${region}:${account}:table/${TableName}`;

/** One more hit on the counter of `pk`. */
export const bump = (pk: string) => ({
  Update: {
    TableName,
    Key: { pk, sk: 'counter' },
    UpdateExpression: 'ADD hits :one',
    ExpressionAttributeValues: { ':one': 1 },
  },
});
