import { setTimeout as delay } from 'node:timers/promises';
import { matches } from '../filter-pattern.ts';
import { asList, asText, at, isObject, type Json, type JsonObject } from '../json.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import type { Sqs } from '../services/sqs/index.ts';

/** SQS hands out at most ten messages a call; larger batches need a window, as on AWS. */
const receiveLimit = 10;
const longPollSeconds = 20;

export interface QueueMappingSetting {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly region: string;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly filters: readonly JsonObject[];
  readonly reportsItemFailures: boolean;
  readonly concurrency: number;
}

export interface QueueMappingServices {
  readonly target: LambdaFunction;
  readonly sqs: Pick<Sqs, 'invoke'>;
  readonly failed: (error: unknown) => void;
}

/**
 * A Lambda event source mapping of a queue. Messages of a failed invocation stay invisible for the queue's visibility
 * timeout and then come again.
 */
export class QueueMapping {
  readonly #setting: QueueMappingSetting;
  readonly #services: QueueMappingServices;
  readonly #stopping = new AbortController();
  readonly #invocations = new Set<Promise<void>>();
  #loop: Promise<void> = Promise.resolve();

  constructor(setting: QueueMappingSetting, services: QueueMappingServices) {
    this.#setting = setting;
    this.#services = services;
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    await Promise.all(this.#invocations);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        if (this.#invocations.size >= this.#setting.concurrency) await Promise.race(this.#invocations);
        const messages = await this.#collect();
        if (messages.length > 0) this.#begin(messages);
      } catch (error) {
        if (signal.aborted) return;
        this.#services.failed(error);
        await delay(1000, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #begin(messages: readonly JsonObject[]): void {
    const invocation = this.#process(messages)
      .catch(this.#services.failed)
      .finally(() => this.#invocations.delete(invocation));
    this.#invocations.add(invocation);
  }

  async #receive(limit: number, waitSeconds: number): Promise<JsonObject[]> {
    const input = {
      QueueUrl: this.#setting.queueUrl,
      MaxNumberOfMessages: Math.min(receiveLimit, limit),
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    };
    const { Messages } = await this.#services.sqs.invoke('ReceiveMessage', input, this.#stopping.signal);
    const messages: Json = JSON.parse(JSON.stringify(Messages ?? []));
    return asList(messages).filter(isObject);
  }

  async #collect(): Promise<JsonObject[]> {
    const { batchSize, windowMs } = this.#setting;
    const messages = await this.#receive(batchSize, longPollSeconds);
    const until = Date.now() + windowMs;
    while (messages.length > 0 && messages.length < batchSize && Date.now() < until) {
      messages.push(
        ...(await this.#receive(batchSize - messages.length, Math.ceil((until - Date.now()) / 1000))),
      );
    }
    return messages;
  }

  async #process(received: readonly JsonObject[]): Promise<void> {
    const unwanted = received.filter((message) => !this.#isWanted(message));
    const wanted = received.filter((message) => !unwanted.includes(message));
    // Lambda deletes what its filter refuses.
    await this.#delete(unwanted);
    if (wanted.length > 0) await this.#delete(await this.#invoke(wanted));
  }

  #isWanted(message: JsonObject): boolean {
    const { filters } = this.#setting;
    return filters.length === 0 || filters.some((pattern) => matches(pattern, { body: parsedBody(message) }));
  }

  /** The messages that the function has dealt with. */
  async #invoke(messages: readonly JsonObject[]): Promise<readonly JsonObject[]> {
    const { queueArn, region, reportsItemFailures } = this.#setting;
    const Records = messages.map((message) => ({
      messageId: message['MessageId'],
      receiptHandle: message['ReceiptHandle'],
      body: message['Body'],
      attributes: message['Attributes'] ?? {},
      messageAttributes: messageAttributes(message['MessageAttributes']),
      md5OfBody: message['MD5OfBody'],
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: region,
    }));
    let result: Json;
    try {
      result = JSON.parse(await this.#services.target.invoke({ Records }));
    } catch {
      return []; // announced by the function's pool
    }
    if (!reportsItemFailures) return messages;
    const failed = asList(at(result, 'batchItemFailures')).map((failure) =>
      asText(at(failure, 'itemIdentifier')),
    );
    const known = new Set(messages.map((message) => asText(message['MessageId'])));
    // An identifier that Lambda does not know fails the whole batch.
    if (failed.some((id) => !known.has(id))) return [];
    return messages.filter((message) => !failed.includes(asText(message['MessageId'])));
  }

  async #delete(messages: readonly JsonObject[]): Promise<void> {
    for (let index = 0; index < messages.length; index += receiveLimit) {
      const Entries = messages
        .slice(index, index + receiveLimit)
        .map((message, position) => ({ Id: String(position), ReceiptHandle: message['ReceiptHandle'] }));
      await this.#services.sqs.invoke('DeleteMessageBatch', { QueueUrl: this.#setting.queueUrl, Entries });
    }
  }
}

function parsedBody(message: JsonObject): Json {
  const body = asText(message['Body']) ?? '';
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** Lambda's own spelling of message attributes. */
function messageAttributes(attributes: Json | undefined): JsonObject {
  if (!isObject(attributes)) return {};
  return Object.fromEntries(
    Object.entries(attributes).map(([name, one]) => [
      name,
      {
        stringValue: at(one, 'StringValue') ?? null,
        binaryValue: at(one, 'BinaryValue') ?? null,
        dataType: at(one, 'DataType') ?? null,
        stringListValues: [],
        binaryListValues: [],
      },
    ]),
  );
}
