import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { SchoolFunction } from './school-function.ts';

/** Records that matter: every part of it holds of them. */
export interface StreamFilter {
  readonly eventName: readonly ('INSERT' | 'MODIFY' | 'REMOVE')[];
  /** Text attributes of the items that matter, with the values that each may have. */
  readonly image: Readonly<Record<string, readonly string[]>>;
}

/**
 * Feeds the table's stream to a function. Grants stream permissions only, and PutObject for the batches that
 * fail for good; the L2's event source would grant reads of the whole bucket.
 */
export function readsStream(
  fn: SchoolFunction,
  source: { table: ITable; failures: IBucket; filters: readonly StreamFilter[] },
): void {
  const { table, failures, filters } = source;
  if (table.tableStreamArn === undefined) throw new Error('The table has no stream.');
  fn.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: [
        'dynamodb:DescribeStream',
        'dynamodb:GetRecords',
        'dynamodb:GetShardIterator',
        'dynamodb:ListStreams',
      ],
      resources: [table.tableStreamArn],
    }),
  );
  fn.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['s3:PutObject'], resources: [failures.arnForObjects('*')] }),
  );
  fn.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [failures.bucketArn] }),
  );
  const mapping = fn.lambda.addEventSourceMapping('Stream', {
    eventSourceArn: table.tableStreamArn,
    startingPosition: StartingPosition.TRIM_HORIZON,
    batchSize: 100,
    // one of them is enough
    filters: filters.map((filter) => ({ pattern: JSON.stringify(patternOf(filter)) })),
    bisectBatchOnError: true,
    reportBatchItemFailures: true,
    retryAttempts: 10,
    maxRecordAge: Duration.hours(6),
    onFailure: { bind: () => ({ destination: failures.bucketArn }) },
    supportS3OnFailureDestination: true,
  });
  // The mapping must not start before the role may read the stream.
  const policy = fn.grantPrincipal.node.tryFindChild('DefaultPolicy');
  if (policy) mapping.node.addDependency(policy);
  acknowledgeWildcard(
    fn.grantPrincipal,
    failures.arnForObjects('*'),
    'Lambda itself names the objects in which it leaves failed batches.',
  );
}

const patternOf = ({ eventName, image }: StreamFilter) => ({
  eventName,
  dynamodb: {
    NewImage: Object.fromEntries(Object.entries(image).map(([name, values]) => [name, { S: values }])),
  },
});
