/**
 * Amazon SQS on SQLite: `gateway.register('sqs', createSqs({ ... }))`.
 *
 * `invoke` is the same API in-process, with the SDK's input and output shapes, for the event source mapping:
 *
 *     const { Messages } = await sqs.invoke('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }, signal);
 */
import type { AwsService } from '../aws/call.ts';

export interface SqsOptions {
  /** The SQLite file. */
  readonly file: string;
  /** `http://127.0.0.1:<port>` of the gateway; queue URLs start with it. */
  readonly baseUrl: string;
  readonly region: string;
  readonly account: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

export interface Sqs extends AwsService {
  invoke(
    action: string,
    input: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<Record<string, unknown>>;
  /** Creates the queue or brings its attributes up to date, as a deployment does; the queue's URL. */
  ensureQueue(name: string, attributes: Readonly<Record<string, string>>): string;
  close(): void;
}

export declare function createSqs(options: SqsOptions): Sqs;
