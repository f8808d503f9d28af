import { type AwsCall, AwsError, type AwsReply, type AwsService } from '../services/aws/call.ts';
import type { Connection, WebSocketApi } from './websocket-api.ts';

const messageBytes = 128 * 1024;
/** A client that leaves more than this unread is cut off; it asks for what it missed when it comes back. */
const unreadBytes = 2 * 1024 * 1024;

export interface ConnectionsOptions {
  readonly api: WebSocketApi;
  readonly apiId: string;
  readonly region: string;
  readonly accountId: string;
  /** The adverse mode: whether this post finds its client gone. */
  readonly loses?: () => boolean;
}

const gone = () => new AwsError('GoneException', 'The connection is gone', { status: 410 });

/**
 * The `@connections` commands of a WebSocket API:
 * `POST | GET | DELETE /<stage>/@connections/<id>`, signed for the service `execute-api`.
 */
export function createConnectionsService(options: ConnectionsOptions): AwsService {
  const { api, apiId, region, accountId } = options;

  const target = (call: AwsCall): { stage: string; id: string } => {
    const [, stage = '', commands, id = ''] = call.path.split('/');
    if (commands !== '@connections' || stage !== api.stage) {
      throw new AwsError('ForbiddenException', 'Forbidden', { status: 403 });
    }
    return { stage, id: decodeURIComponent(id) };
  };

  return {
    protocol: 'rest-json',
    requires: (call) => {
      const { stage, id } = target(call);
      const resource = `arn:aws:execute-api:${region}:${accountId}:${apiId}/${stage}/${call.method}/@connections/${id}`;
      return [{ action: 'execute-api:ManageConnections', resource }];
    },
    handle: async (call) => {
      const connection = api.connection(target(call).id);
      if (connection === undefined) throw gone();
      if (call.method === 'GET') return describe(connection);
      if (call.method === 'DELETE') {
        connection.socket.close(1000);
        return { status: 204 };
      }
      const message = await call.bytes();
      if (message.length > messageBytes) {
        throw new AwsError('PayloadTooLargeException', 'The data exceeds 128 KB', { status: 413 });
      }
      if (options.loses?.()) {
        connection.socket.terminate();
        throw gone();
      }
      return post(api, connection, message);
    },
  };
}

function describe({ connectedAt, lastActiveAt, sourceIp, userAgent }: Connection): AwsReply {
  const body = { connectedAt, lastActiveAt, identity: { sourceIp, userAgent } };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Takes the message without waiting for the client to read it: a slow one must not hold up who sends to many. */
function post(api: WebSocketApi, connection: Connection, message: Buffer): AwsReply {
  const { socket } = connection;
  if (socket.readyState !== socket.OPEN) throw gone();
  if (socket.bufferedAmount + message.length > unreadBytes) {
    socket.terminate();
    throw gone();
  }
  socket.send(message.toString());
  api.touch(connection);
  return { status: 200 };
}
