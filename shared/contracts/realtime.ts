import * as z from 'zod';
import { contract, everybody } from './operation.ts';
import { instant } from './shapes.ts';

export const realtimeContract = contract({
  createTicket: {
    method: 'POST',
    path: '/api/realtime/tickets',
    summary: 'Get a single-use ticket for the WebSocket',
    description: 'Open `url` within 30 seconds; a ticket works once.',
    access: everybody,
    body: z.strictObject({}).default({}),
    status: 201,
    response: z.object({ ticket: z.string(), url: z.string(), expires_at: instant }).meta({ id: 'Ticket' }),
  },
});

/** `job:<id>`, `exam:<id>`, `user:<id>` or `class:<id>`. */
export const topic = z
  .string()
  .regex(
    /^(job|exam|user|class):[A-Za-z0-9-]{1,64}$/,
    'a topic is job:<id>, exam:<id>, user:<id> or class:<id>',
  );

export const clientMessage = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('subscribe'),
    topic,
    after_seq: z.int().min(0).optional(),
  }),
  z.strictObject({ action: z.literal('unsubscribe'), topic }),
  z.strictObject({ action: z.literal('ping') }),
]);
export type ClientMessage = z.infer<typeof clientMessage>;

/** One event of a source, numbered by that source from 1 without a gap. */
export const sourceEvent = z.object({
  type: z.string(),
  topic: z.string(),
  seq: z.int().min(1),
  at: instant,
  data: z.record(z.string(), z.unknown()),
  source: z
    .string()
    .optional()
    .meta({ description: 'On `class:` topics: the topic that numbered this event' }),
});
export type SourceEvent = z.infer<typeof sourceEvent>;

export const serverMessage = z.union([
  z.object({
    type: z.literal('subscribed'),
    topic: z.string(),
    first_seq: z.int(),
    last_seq: z.int(),
    snapshot: z.array(z.record(z.string(), z.unknown())).optional(),
  }),
  z.object({ type: z.literal('unsubscribed'), topic: z.string() }),
  z.object({ type: z.literal('pong'), last_seq: z.record(z.string(), z.int()) }),
  z.object({
    type: z.literal('error'),
    error_code: z.string(),
    detail: z.string(),
    topic: z.string().optional(),
  }),
  sourceEvent,
]);
export type ServerMessage = z.infer<typeof serverMessage>;
