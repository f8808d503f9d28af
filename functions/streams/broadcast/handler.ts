import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { documents, sockets } from '#shared/aws/clients.ts';
import { readEnv } from '#shared/env.ts';
import { createIdentity } from '#shared/identity/authenticate.ts';
import { type EventRecord, events, wireEvent } from '#shared/realtime/event.ts';
import { createPost, inParallel } from '#shared/realtime/post.ts';
import { type Subscription, subscribers, subscribersKey } from '#shared/realtime/subscriptions.ts';
import { imageOf } from '#shared/table/stream.ts';
import { createTable } from '#shared/table/table.ts';

const env = readEnv('TABLE_NAME', 'SCHOOL', 'WEBSOCKET_ENDPOINT');
const table = createTable(documents(), env.TABLE_NAME);
const identity = createIdentity(table, env.SCHOOL);
const post = createPost(table, sockets(env.WEBSOCKET_ENDPOINT));
const processor = new BatchProcessor(EventType.DynamoDBStreams);

const postsAtOnce = 32;

/**
 * Carries committed events to the sockets that follow their topics. A delivery that fails is not an error: the
 * client notices the gap by the numbers and asks for it. Only a table that cannot be read makes the stream wait.
 */
export const handler = async (event: DynamoDBStreamEvent) =>
  processPartialResponse(event, broadcast, processor, { throwOnFullBatchFailure: false });

async function broadcast(record: DynamoDBRecord): Promise<void> {
  const event = events.parse(imageOf(record.dynamodb?.NewImage));
  for (const topic of [event.topic, ...event.fan_in]) {
    const listening = await table.queryAll(subscribers, { pk: subscribersKey(topic) });
    await inParallel(
      listening.filter((subscriber) => mayHear(subscriber, event)),
      postsAtOnce,
      (subscriber) => deliver(subscriber, topic, event),
    );
  }
}

const mayHear = ({ only_owner }: Subscription, event: EventRecord): boolean =>
  only_owner === null || event.owner_id === null || only_owner === event.owner_id;

/** A socket whose login ended or whose person has another role by now is closed instead. */
async function deliver(subscriber: Subscription, topic: string, event: EventRecord): Promise<void> {
  const caller = await identity.current(subscriber);
  const permitted = caller && (subscriber.role === undefined || subscriber.role === caller.role);
  if (permitted) await post.send(subscriber.connection_id, wireEvent(event, topic));
  else await post.close(subscriber.connection_id);
}
