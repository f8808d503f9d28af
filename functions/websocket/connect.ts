import { connectionForS, connections, hashTicket, tickets } from '#shared/realtime/subscriptions.ts';
import { ConditionFailed } from '#shared/table/table.ts';
import type { SocketWorld } from './world.ts';

export interface Handshake {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly queryStringParameters: Readonly<Record<string, string | undefined>>;
}

/**
 * Opens a socket for a ticket, once. A page of another origin is refused; what is no browser sends no Origin.
 *
 * @returns the status of the handshake
 */
export async function openSocket(
  world: SocketWorld,
  connection_id: string,
  handshake: Partial<Handshake>,
): Promise<200 | 401 | 403> {
  const origin = headerOf(handshake.headers, 'origin');
  if (origin !== undefined && !world.origins.includes(origin)) return 403;
  const ticket = handshake.queryStringParameters?.['ticket'];
  const holder = ticket && (await consume(world, ticket));
  if (!holder || !(await world.identity.current(holder))) return 401;
  const now = world.now();
  await world.table.write(
    world.table.insert(connections, {
      connection_id,
      user_id: holder.user_id,
      login_id: holder.login_id,
      subscriptions: 0,
      connected_at: now.toISOString(),
      expires_at: Math.floor(now.getTime() / 1000) + connectionForS,
    }),
  );
  return 200;
}

const headerOf = (headers: Handshake['headers'] | undefined, name: string): string | undefined =>
  Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];

/** Whose ticket it was; of two that come with the same ticket, the delete lets one through. */
async function consume({ table, now }: SocketWorld, ticket: string) {
  const id = { ticket_hash: hashTicket(ticket) };
  const found = await table.get(tickets, id, { consistent: true });
  if (!found || Date.parse(found.valid_until) <= now().getTime()) return undefined;
  try {
    await table.write(table.remove(tickets, id));
    return found;
  } catch (error) {
    if (error instanceof ConditionFailed) return undefined;
    throw error;
  }
}
