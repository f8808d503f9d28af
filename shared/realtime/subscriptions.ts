import { createHash } from 'node:crypto';
import * as z from 'zod';
import { role } from '../contracts/operation.ts';
import { entity } from '../table/entity.ts';
import { ConditionFailed, type Table } from '../table/table.ts';

/**
 * A single-use ticket that opens a socket; kept by its hash.
 *
 * Access pattern: by the ticket: `ticket#<sha256>` / `ticket`
 */
export const tickets = entity({
  type: 'ticket',
  schema: z.object({
    ticket_hash: z.string(),
    user_id: z.string(),
    login_id: z.string(),
    valid_until: z.string(),
    expires_at: z.int(),
  }),
  key: ({ ticket_hash }: { ticket_hash: string }) => ({ pk: `ticket#${ticket_hash}`, sk: 'ticket' }),
});
export const ticketForMs = 30_000;
export const hashTicket = (ticket: string): string => createHash('sha256').update(ticket).digest('base64url');

/**
 * An open socket.
 *
 * Access pattern: by id: `conn#<id>` / `conn`
 */
export const connections = entity({
  type: 'connection',
  schema: z.object({
    connection_id: z.string(),
    user_id: z.string(),
    login_id: z.string(),
    subscriptions: z.int(),
    connected_at: z.string(),
    expires_at: z.int(),
  }),
  key: ({ connection_id }: { connection_id: string }) => ({ pk: `conn#${connection_id}`, sk: 'conn' }),
});
export type Connection = z.output<typeof connections.schema>;

const subscription = z.object({
  topic: z.string(),
  connection_id: z.string(),
  user_id: z.string(),
  login_id: z.string(),
  /** The role that was permitted the topic; a person who has another by now subscribes anew. */
  role: role.optional(),
  /** On `class:` topics a student gets only events of what is theirs. */
  only_owner: z.string().nullable(),
  expires_at: z.int(),
});
export type Subscription = z.output<typeof subscription>;
type SubscriptionId = Pick<Subscription, 'topic' | 'connection_id'>;

/** Access pattern: who listens to a topic: `topic#<topic>#subscribers` / `conn#<id>` */
export const subscribers = entity({
  type: 'subscriber',
  schema: subscription,
  key: ({ topic, connection_id }: SubscriptionId) => ({
    pk: subscribersKey(topic),
    sk: `conn#${connection_id}`,
  }),
});
/**
 * That somebody has followed a topic of late, so that whoever carries its events looks for subscribers; most topics have
 * none. Written with each subscription, it lasts as long as that.
 *
 * Access pattern: by topic: `topic#<topic>#subscribers` / `followed`
 */
const followedTopics = entity({
  type: 'followed_topic',
  schema: z.object({ topic: z.string(), expires_at: z.int() }),
  key: ({ topic }: { readonly topic: string }) => ({ pk: subscribersKey(topic), sk: 'followed' }),
});
/** Access pattern: what a socket listens to: `conn#<id>` / `sub#<topic>` */
export const subscriptions = entity({
  type: 'subscription',
  schema: subscription,
  key: ({ topic, connection_id }: SubscriptionId) => ({ pk: `conn#${connection_id}`, sk: `sub#${topic}` }),
});

const subscribersKey = (topic: string): string => `topic#${topic}#subscribers`;

export const maxSubscriptions = 50;
/** API Gateway closes a socket after two hours. */
export const connectionForS = 7_800;

export const subscribersOf = (table: Table, topic: string): Promise<Subscription[]> =>
  table.queryAll(subscribers, { pk: subscribersKey(topic), prefix: 'conn#' });

/**
 * Says that a topic has subscribers; before one is written, and not in one transaction with it, which would be in the
 * way of a whole class that subscribes at once.
 */
export const markFollowed = (table: Table, { topic, expires_at }: Subscription): Promise<void> =>
  table.write(table.put(followedTopics, { topic, expires_at }));

/** Those of the topics that may have subscribers: whoever subscribed before this was asked is counted. */
export async function followed(table: Table, topics: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await table.getMany(
    followedTopics,
    topics.map((topic) => ({ topic })),
  );
  return new Set(found.flatMap((one) => one?.topic ?? []));
}

export const subscriptionsOf = (table: Table, connection_id: string): Promise<Subscription[]> =>
  table.queryAll(subscriptions, { pk: `conn#${connection_id}`, prefix: 'sub#' });

/** Forgets a socket and all it listened to; again for what is already forgotten. */
export async function forgetConnection(table: Table, connection_id: string): Promise<void> {
  for (const { topic } of await subscriptionsOf(table, connection_id)) {
    await gone(table.write(table.remove(subscribers, { topic, connection_id })));
    await gone(table.write(table.remove(subscriptions, { topic, connection_id })));
  }
  await gone(table.write(table.remove(connections, { connection_id })));
}

/** Takes a person's sockets off topics that they may no longer follow; the sockets stay. */
export async function stopListening(table: Table, topics: readonly string[], user_id: string): Promise<void> {
  for (const topic of await followed(table, topics)) {
    for (const { connection_id, ...who } of await subscribersOf(table, topic)) {
      if (who.user_id !== user_id) continue;
      const id = { topic, connection_id };
      await gone(table.write(table.remove(subscribers, id)));
      await gone(table.write(table.remove(subscriptions, id)));
      const fewer = { expression: 'ADD #subscriptions :less', values: { ':less': -1 } };
      await gone(table.write(table.update(connections, id, fewer)));
    }
  }
}

async function gone(write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
  }
}
