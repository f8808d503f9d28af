/**
 * DynamoDB: `gateway.register('dynamodb', await startDynamoDb({ ... }))` (it serves DynamoDB Streams too).
 * The engine is the `dynoxide` binary where it is installed, else DynamoDB Local on Java 17 or later.
 */
import type { AwsService } from '../aws/call.ts';

export interface DynamoDbOptions {
  readonly folder: string;
  readonly region: string;
  readonly account: string;
  /** Default: the first that this machine has. */
  readonly engine?: EngineName;
  /** Interval of the TTL sweep, 60,000 by default; 0 for none. */
  readonly sweepMs?: number;
  readonly now?: () => number;
  readonly log?: (event: string, fields: Record<string, unknown>) => void;
}

export type EngineName = 'dynoxide' | 'dynamodb-local';

export interface DynamoDb extends AwsService {
  readonly engine: EngineName;
  /** A call to the engine itself: `call('DescribeTable', {...})`, `call('GetRecords', {...})`. */
  call(action: string, input: object): Promise<Record<string, unknown>>;
  /** Brings a table to its AWS::DynamoDB::Table or GlobalTable properties: created, indexes added, TTL set. */
  ensureTable(
    name: string,
    properties: Readonly<Record<string, unknown>>,
  ): Promise<{ arn: string; streamArn: string | undefined }>;
  /** Deletes the items whose TTL has passed; how many. */
  sweepExpired(): Promise<number>;
  /** Settles with the engine's exit code when it ends without having been asked to. */
  readonly died: Promise<number | null>;
  stop(): Promise<void>;
}

export declare function startDynamoDb(options: DynamoDbOptions): Promise<DynamoDb>;
