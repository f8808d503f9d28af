import { randomBytes } from 'node:crypto';
import { dynamoDb } from '#shared/aws/clients.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import { realtimeContract } from '#shared/contracts/realtime.ts';
import { readEnv } from '#shared/env.ts';
import { serve } from '#shared/http/serve.ts';
import { createIdentity } from '#shared/identity/authenticate.ts';
import { systemClock } from '#shared/ids.ts';
import { hashTicket, ticketForMs, tickets } from '#shared/realtime/subscriptions.ts';
import { createTable } from '#shared/table/table.ts';

const env = readEnv('TABLE_NAME', 'SCHOOL', 'PUBLIC_ORIGINS');
const table = createTable(dynamoDb(), env.TABLE_NAME);
const { authenticate } = createIdentity(table, env.SCHOOL);
const { now } = systemClock;

export const handler = serve(realtimeContract, { authenticate })({
  createTicket: ({ caller, host }) => createTicket(caller, host),
});

async function createTicket(caller: Caller, host: string | undefined) {
  const ticket = randomBytes(32).toString('base64url');
  const until = new Date(now().getTime() + ticketForMs);
  await table.write(
    table.insert(tickets, {
      ticket_hash: hashTicket(ticket),
      user_id: caller.user_id,
      login_id: caller.login_id,
      valid_until: until.toISOString(),
      expires_at: Math.ceil(until.getTime() / 1000),
    }),
  );
  return { ticket, url: `${socketOrigin(host)}/ws?ticket=${ticket}`, expires_at: until.toISOString() };
}

/** The socket's origin is the page's: the host that was asked, if it is one of ours. */
function socketOrigin(host: string | undefined): string {
  const [canonical, ...others] = env.PUBLIC_ORIGINS;
  const origin = [canonical, ...others].find((known) => new URL(known).host === host) ?? canonical;
  return origin.replace(/^http/, 'ws');
}
