import type { Caller } from '#shared/contracts/operation.ts';
import { type ClientMessage, clientMessage, type ServerMessage } from '#shared/contracts/realtime.ts';
import { DomainError } from '#shared/errors.ts';
import { examTopic } from '#shared/exams/events.ts';
import { topicOf } from '#shared/jobs/advance.ts';
import { jobs } from '#shared/jobs/job.ts';
import { unlessChanged } from '#shared/jobs/lifecycle.ts';
import { connections, subscribers, subscriptions, subscriptionsOf } from '#shared/realtime/subscriptions.ts';
import { examStates } from '#shared/table/exam-session.ts';
import { subscribe } from './subscribe.ts';
import type { SocketWorld } from './world.ts';

const failure = (error_code: string, detail: string, topic?: string): ServerMessage => ({
  type: 'error',
  error_code,
  detail,
  ...(topic !== undefined && { topic }),
});

/** Answers a message of a socket; what is wrong is told on the socket, and the socket stays. */
export async function answer(world: SocketWorld, connection_id: string, raw: string): Promise<void> {
  const connection = await world.table.get(connections, { connection_id }, { consistent: true });
  const caller = connection && (await world.identity.current(connection));
  if (!connection || !caller) {
    await world.post.send(connection_id, failure('auth.ended', 'This session has ended. Sign in again.'));
    return world.post.close(connection_id);
  }
  const message = parse(raw);
  if ('type' in message) return world.post.send(connection_id, message);
  try {
    await act(world, connection_id, caller, message);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const topic = 'topic' in message ? message.topic : undefined;
    await world.post.send(connection_id, failure(error.error_code, error.message, topic));
  }
}

function parse(raw: string): ClientMessage | ServerMessage {
  const parsed = clientMessage.safeParse(json(raw));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return failure(
    'message.invalid',
    `${issue?.path.join('.') || 'message'}: ${issue?.message ?? 'invalid'}`.slice(0, 300),
  );
}

const json = (raw: string): unknown => {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
};

async function act(
  world: SocketWorld,
  connection_id: string,
  caller: Caller,
  message: ClientMessage,
): Promise<void> {
  switch (message.action) {
    case 'subscribe':
      return subscribe(world, connection_id, caller, message);
    case 'unsubscribe':
      return unsubscribe(world, connection_id, message.topic);
    case 'ping':
      return world.post.send(connection_id, { type: 'pong', last_seq: await lastSeqs(world, connection_id) });
  }
}

async function unsubscribe(
  { table, post }: SocketWorld,
  connection_id: string,
  topic: string,
): Promise<void> {
  const id = { topic, connection_id };
  await unlessChanged(() =>
    table.write(
      table.remove(subscribers, id),
      table.remove(subscriptions, id),
      table.update(
        connections,
        { connection_id },
        {
          expression: 'ADD #subscriptions :less',
          values: { ':less': -1 },
        },
      ),
    ),
  );
  await post.send(connection_id, { type: 'unsubscribed', topic });
}

/** The newest number of every source that the socket listens to, so that a lost last event is noticed. */
async function lastSeqs({ table }: SocketWorld, connection_id: string): Promise<Record<string, number>> {
  const topics = (await subscriptionsOf(table, connection_id)).map(({ topic }) => topic);
  const idsOf = (kind: 'job:' | 'exam:') =>
    topics.filter((topic) => topic.startsWith(kind)).map((topic) => topic.slice(kind.length));
  const [followed, taken] = await Promise.all([
    table.getMany(
      jobs,
      idsOf('job:').map((job_id) => ({ job_id })),
    ),
    table.getMany(
      examStates,
      idsOf('exam:').map((exam_session_id) => ({ exam_session_id })),
    ),
  ]);
  return Object.fromEntries([
    ...followed.flatMap((job) => (job ? [[topicOf(job), job.event_seq] as const] : [])),
    ...taken.flatMap((state) => (state ? [[examTopic(state), state.seq] as const] : [])),
  ]);
}
