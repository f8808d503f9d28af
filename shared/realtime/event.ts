import * as z from 'zod';
import type { SourceEvent } from '../contracts/realtime.ts';
import { entity } from '../table/entity.ts';

/**
 * An event of a source, numbered from 1 without a gap in the transaction that commits what it tells.
 *
 * Access pattern: of a topic, in order, after a number: `topic#<topic>#events` / `event#<seq>`
 */
export const events = entity({
  type: 'event',
  schema: z.object({
    topic: z.string(),
    seq: z.int(),
    event_type: z.string(),
    at: z.string(),
    data: z.record(z.string(), z.unknown()),
    /** Whose it is; on `class:` topics a student hears only of their own, and of what is nobody's: null. */
    owner_id: z.string().nullable(),
    /** `class:` topics that carry this event too. */
    fan_in: z.array(z.string()),
    expires_at: z.int(),
  }),
  key: ({ topic, seq }: { topic: string; seq: number }) => ({ pk: eventsKey(topic), sk: eventKey(seq) }),
});
export type EventRecord = z.output<typeof events.schema>;

export const eventsKey = (topic: string): string => `topic#${topic}#events`;
export const eventKey = (seq: number): string => `event#${String(seq).padStart(10, '0')}`;

/** The event as a subscriber of `topic` gets it. */
export const wireEvent = (event: EventRecord, topic = event.topic): SourceEvent => ({
  type: event.event_type,
  topic,
  seq: event.seq,
  at: event.at,
  data: event.data,
  ...(topic !== event.topic && { source: event.topic }),
});
