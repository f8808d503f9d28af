import { type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { BlockPublicAccess, Bucket, BucketEncryption, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { indexNames } from '#shared/table/entity.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { schoolTable } from '../constructs/school-table.ts';
import type { SchoolConfig } from '../school-config.ts';

export interface DataStackProps extends StackProps {
  readonly school: SchoolConfig;
}

/** What a school must never lose: its table and its files. */
export class DataStack extends Stack {
  readonly table: ITable;
  /** Files that jobs make, below a prefix for each kind of job. */
  readonly artifacts: Bucket;
  /** Stream batches that a function could not process. */
  readonly failures: Bucket;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    this.table = props.school.table ? restoredTable(this, props.school.table) : schoolTable(this, 'Table');
    const { checkpoints_days } = props.school.retention;
    this.artifacts = privateBucket(
      this,
      'Artifacts',
      { prefix: 'checkpoints/', expiration: Duration.days(checkpoints_days) },
      // a day longer than they can be entered on a board
      { prefix: 'training/uploads/', expiration: Duration.days(31) },
    );
    this.failures = privateBucket(this, 'Failures', { expiration: Duration.days(90) });
  }
}

function restoredTable(scope: Construct, table: { name: string; stream_arn: string }): ITable {
  return Table.fromTableAttributes(scope, 'Table', {
    tableName: table.name,
    tableStreamArn: table.stream_arn,
    globalIndexes: [...indexNames],
  });
}

function privateBucket(scope: Construct, id: string, ...lifecycle: LifecycleRule[]): Bucket {
  const bucket = new Bucket(scope, id, {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(7) }, ...lifecycle],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  acknowledge(bucket, {
    'AwsSolutions-S1': `Only the school’s own roles reach ${id}; their calls are in the functions’ logs, a log bucket costs more.`,
  });
  return bucket;
}
