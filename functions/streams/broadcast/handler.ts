import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { dynamoDb, sockets } from '#shared/aws/clients.ts';
import type { Role } from '#shared/contracts/operation.ts';
import { readEnv } from '#shared/env.ts';
import { examData, examEvent } from '#shared/exams/events.ts';
import { createIdentity } from '#shared/identity/authenticate.ts';
import { type EventRecord, events, wireEvent } from '#shared/realtime/event.ts';
import { createPost, inParallel } from '#shared/realtime/post.ts';
import { followed, type Subscription, subscribersOf } from '#shared/realtime/subscriptions.ts';
import { examStates } from '#shared/table/exam-session.ts';
import { imageOf } from '#shared/table/stream.ts';
import { createTable } from '#shared/table/table.ts';

const env = readEnv('TABLE_NAME', 'SCHOOL', 'WEBSOCKET_ENDPOINT');
const table = createTable(dynamoDb(), env.TABLE_NAME);
const identity = createIdentity(table, env.SCHOOL);
const post = createPost(table, sockets(env.WEBSOCKET_ENDPOINT));
const processor = new BatchProcessor(EventType.DynamoDBStreams);

const postsAtOnce = 32;

/**
 * Carries committed events to the sockets that follow their topics. A delivery that fails is not an error: the
 * client notices the gap by the numbers and asks for it. Only a table that cannot be read makes the stream wait.
 */
export const handler = async (event: DynamoDBStreamEvent) => {
  const batch = new Map(event.Records.map((record) => [record, readTold(record)]));
  const listeners = listenersOf([...batch.values()]);
  const carry = (record: DynamoDBRecord) => broadcast(batch.get(record) ?? readTold(record), listeners);
  return processPartialResponse(event, carry, processor, { throwOnFullBatchFailure: false });
};

/** What was committed, and what a person of that role is told of it. */
interface Told {
  readonly event: Omit<EventRecord, 'data'>;
  readonly dataFor: (role: Role | undefined) => EventRecord['data'];
}

/** An event as it stands in the table; of a test its newest state, which is its own event. */
function toldBy(image: Record<string, unknown> | undefined): Told {
  if (image?.['type'] === examStates.type) {
    const state = examStates.parse(image);
    return { event: examEvent(state), dataFor: (role) => examData(state, role) };
  }
  const event = events.parse(image);
  return { event, dataFor: () => event.data };
}

/** A record that cannot be read fails by itself, when its turn comes. */
function readTold({ dynamodb }: DynamoDBRecord): Told | Error {
  try {
    return toldBy(imageOf(dynamodb?.NewImage));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const topicsOf = ({ event }: Told): string[] => [event.topic, ...event.fan_in];

type Listeners = (topic: string) => Promise<readonly Subscription[]>;

/**
 * Who follows a topic, read once for all that a batch tells, and only of topics that are followed: all of it was
 * committed before, so that whoever subscribed before one of its events is found.
 */
function listenersOf(batch: readonly (Told | Error)[]): Listeners {
  const topics = batch.flatMap((told) => (told instanceof Error ? [] : topicsOf(told)));
  const withListeners = followed(table, topics);
  const known = new Map<string, ReturnType<Listeners>>();
  return async (topic) => {
    if (!(await withListeners).has(topic)) return [];
    const found = known.get(topic) ?? subscribersOf(table, topic);
    known.set(topic, found);
    return found;
  };
}

async function broadcast(told: Told | Error, listeners: Listeners): Promise<void> {
  if (told instanceof Error) throw told;
  for (const topic of topicsOf(told)) {
    const listening = await listeners(topic);
    await inParallel(
      listening.filter((subscriber) => mayHear(subscriber, told.event)),
      postsAtOnce,
      (subscriber) => deliver(subscriber, topic, told),
    );
  }
}

const mayHear = ({ only_owner }: Subscription, event: Told['event']): boolean =>
  only_owner === null || event.owner_id === null || only_owner === event.owner_id;

/** A socket whose login ended or whose person has another role by now is closed instead. */
async function deliver(subscriber: Subscription, topic: string, { event, dataFor }: Told): Promise<void> {
  const caller = await identity.current(subscriber);
  const permitted = caller && (subscriber.role === undefined || subscriber.role === caller.role);
  if (permitted)
    await post.send(subscriber.connection_id, wireEvent({ ...event, data: dataFor(caller.role) }, topic));
  else await post.close(subscriber.connection_id);
}
