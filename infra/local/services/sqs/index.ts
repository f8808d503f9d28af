/**
 * Amazon SQS on SQLite: `gateway.register('sqs', createSqs({ ... }))`.
 *
 * `invoke` is the same API in-process, with the SDK's input and output shapes, for the event source mapping:
 *
 *     const { Messages } = await sqs.invoke('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }, signal);
 */
import { AwsError, type AwsService, jsonReply } from '../aws/call.ts';
import { fields } from '../aws/fields.ts';
import { invalidParameter, missingParameter, withQueryCode } from './errors.ts';
import { grantsOf, operations } from './operations.ts';
import { ensureQueue } from './queues.ts';
import { openStore } from './store.ts';

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

export const createSqs = (options: SqsOptions): Sqs => {
  const store = openStore({ ...options, now: options.now ?? Date.now });
  const invoke: Sqs['invoke'] = async (action, input, signal) => {
    const operation = operations[action];
    if (operation === undefined) throw unknownOperation(action);
    return { ...(await operation(store, fields(input, missingParameter, invalidParameter), signal)) };
  };
  return {
    protocol: 'json',
    requires: async (call) => {
      if (operations[call.target] === undefined) throw unknownOperation(call.target);
      return grantsOf(store, call.target, fields(await call.json(), missingParameter, invalidParameter));
    },
    handle: async (call) => jsonReply(await invoke(call.target, await call.json(), call.signal)),
    translateError: withQueryCode,
    invoke,
    ensureQueue: (name, attributes) => {
      ensureQueue(store, name, attributes);
      return store.urlOf(name);
    },
    close: () => store.db.close(),
  };
};

const unknownOperation = (action: string) =>
  new AwsError('InvalidAction', `The local SQS does not implement the operation '${action}'.`);
