import type { APIGatewayProxyStructuredResultV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { dynamoDb, sockets } from '#shared/aws/clients.ts';
import { readEnv } from '#shared/env.ts';
import { createIdentity } from '#shared/identity/authenticate.ts';
import { systemClock } from '#shared/ids.ts';
import { errorFields, logger } from '#shared/observability.ts';
import { createPost } from '#shared/realtime/post.ts';
import { forgetConnection } from '#shared/realtime/subscriptions.ts';
import { createTable } from '#shared/table/table.ts';
import { type Handshake, openSocket } from './connect.ts';
import { answer } from './messages.ts';
import type { SocketWorld } from './world.ts';

const env = readEnv('TABLE_NAME', 'SCHOOL', 'PUBLIC_ORIGINS', 'WEBSOCKET_ENDPOINT');
const table = createTable(dynamoDb(), env.TABLE_NAME);
const world: SocketWorld = {
  table,
  now: systemClock.now,
  origins: env.PUBLIC_ORIGINS,
  identity: createIdentity(table, env.SCHOOL),
  post: createPost(table, sockets(env.WEBSOCKET_ENDPOINT)),
};

type Event = APIGatewayProxyWebsocketEventV2 & Partial<Handshake>;

/** The three routes of the WebSocket API. */
export async function handler(event: Event): Promise<APIGatewayProxyStructuredResultV2> {
  const { connectionId, eventType } = event.requestContext;
  try {
    if (eventType === 'CONNECT') return { statusCode: await openSocket(world, connectionId, event) };
    if (eventType === 'DISCONNECT') await forgetConnection(table, connectionId);
    else await answer(world, connectionId, event.body ?? '');
    return { statusCode: 200 };
  } catch (error) {
    logger.error('socket.failed', { event_type: eventType, ...errorFields(error) });
    return { statusCode: 500 };
  }
}
