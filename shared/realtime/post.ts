import {
  type ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { ServerMessage } from '../contracts/realtime.ts';
import { errorFields, logger } from '../observability.ts';
import type { Table } from '../table/table.ts';
import { forgetConnection } from './subscriptions.ts';

export interface Post {
  /** Sends to a socket; one that is gone is forgotten, any other failure is logged: the client asks for gaps. */
  readonly send: (connection_id: string, message: ServerMessage) => Promise<void>;
  /** Closes a socket and forgets it. */
  readonly close: (connection_id: string) => Promise<void>;
}

export function createPost(table: Table, client: ApiGatewayManagementApiClient): Post {
  const send: Post['send'] = async (connection_id, message) => {
    try {
      await client.send(
        new PostToConnectionCommand({
          ConnectionId: connection_id,
          Data: Buffer.from(JSON.stringify(message)),
        }),
      );
    } catch (error) {
      if (error instanceof GoneException) await forgetConnection(table, connection_id);
      else logger.warn('socket.post_failed', errorFields(error));
    }
  };
  const close: Post['close'] = async (connection_id) => {
    try {
      await client.send(new DeleteConnectionCommand({ ConnectionId: connection_id }));
    } catch (error) {
      if (!(error instanceof GoneException)) logger.warn('socket.close_failed', errorFields(error));
    }
    await forgetConnection(table, connection_id);
  };
  return { send, close };
}

/** Runs `act` for every item, `width` at a time. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: Math.min(width, items.length) }, async () => {
      for (const item of queue) await act(item);
    }),
  );
}
