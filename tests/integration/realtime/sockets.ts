/** The functions of the WebSocket API in this process, called as API Gateway calls them. */
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { afterAll } from 'vitest';
import { type JobWorld, topicOf } from '#shared/jobs/advance.ts';
import type { Job } from '#shared/jobs/job.ts';
import { type EventRecord, events, eventsKey } from '#shared/realtime/event.ts';
import { startBackground } from '#tests/support/background.ts';
import { aSchool, type Person } from '#tests/support/school.ts';
import { jobsOf } from '#tests/support/trainer.ts';

export async function socketsOfASchool() {
  const background = await startBackground();
  afterAll(background.stop);
  const school = await aSchool();
  const { handler: websocket } = await import('#functions/websocket/handler.ts');
  const { handler: broadcast } = await import('#functions/streams/broadcast/handler.ts');
  const world: JobWorld = { table: school.table, now: () => new Date(), events_days: 30 };
  let count = 0;

  const call = async (eventType: string, connectionId: string, more: object = {}): Promise<number> => {
    const event = { requestContext: { eventType, connectionId, routeKey: '$default' }, ...more };
    const reply = await websocket(event as Parameters<typeof websocket>[0]);
    return reply.statusCode ?? 0;
  };
  const ticketOf = async (person: Person): Promise<string> =>
    (await person.realtime.createTicket({ body: {} })).ticket;
  const connect = (ticket: string | undefined, headers: object = {}, id = `c${++count}`) =>
    call('CONNECT', id, { headers, ...(ticket !== undefined && { queryStringParameters: { ticket } }) });

  /** An open socket of a person. */
  const open = async (person: Person) => {
    const id = `c${++count}`;
    const status = await connect(await ticketOf(person), {}, id);
    if (status !== 200) throw new Error(`handshake refused with ${status}`);
    const raw = (body: string) => call('MESSAGE', id, { body });
    /** Sends a message; what came back since. */
    const say = async (message: unknown) => {
      background.sockets.clear(id);
      await raw(JSON.stringify(message));
      return background.sockets.of(id);
    };
    return {
      id,
      raw,
      say,
      subscribe: (topic: string, after_seq?: number) =>
        say({ action: 'subscribe', topic, ...(after_seq !== undefined && { after_seq }) }),
      received: () => background.sockets.of(id),
      clear: () => background.sockets.clear(id),
      hangUp: () => call('DISCONNECT', id),
    };
  };

  /** The stream's records of events, as the broadcast function gets them. */
  const recordOf = (event: EventRecord, number: number): DynamoDBRecord => ({
    eventID: String(number),
    eventName: 'INSERT',
    dynamodb: {
      SequenceNumber: String(number),
      NewImage: marshall(events.stored(event)) as NonNullable<
        NonNullable<DynamoDBRecord['dynamodb']>['NewImage']
      >,
    },
  });
  const eventsOf = (job: Pick<Job, 'job_id'>) =>
    school.table.queryAll(events, { pk: eventsKey(topicOf(job)) });
  const streamed = async (...told: readonly EventRecord[]) => {
    const reply = await broadcast({ Records: told.map((event, at) => recordOf(event, at + 1)) });
    return reply.batchItemFailures;
  };
  return {
    school,
    world,
    jobs: jobsOf(world),
    sockets: background.sockets,
    connect,
    ticketOf,
    open,
    eventsOf,
    streamed,
    broadcast,
    call,
  };
}
