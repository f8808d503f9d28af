import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { indexNames } from '#shared/table/entity.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });

/**
 * The one table of a school. It outlives its stack, and its stream is the platform's outbox. Each of the
 * overloaded indexes has the keys `<name>pk` and `<name>sk`.
 */
export function schoolTable(scope: Construct, id: string): Table {
  const table = new Table(scope, id, {
    partitionKey: text('pk'),
    sortKey: text('sk'),
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: 'expires_at',
    stream: StreamViewType.NEW_AND_OLD_IMAGES,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  for (const indexName of indexNames) {
    table.addGlobalSecondaryIndex({
      indexName,
      partitionKey: text(`${indexName}pk`),
      sortKey: text(`${indexName}sk`),
      projectionType: ProjectionType.ALL,
    });
  }
  return table;
}
