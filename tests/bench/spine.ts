import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { adminKeyId, localSecret } from '#infra/local/gateway.ts';
import { contract } from '#shared/contracts/operation.ts';
import { id, instant, text } from '#shared/contracts/shapes.ts';
import { serve } from '#shared/http/serve.ts';
import { createIdentity, signAccessToken } from '#shared/identity/authenticate.ts';
import { publishKey, signingKey } from '#shared/identity/keys.ts';
import { logins } from '#shared/identity/logins.ts';
import { uuidv7 } from '#shared/ids.ts';
import { createTable } from '#shared/table/table.ts';
import { users } from '#shared/table/user.ts';
import { startSchoolServices } from '#tests/support/school-services.ts';
import { userRecord } from '#tests/support/user-record.ts';
import { type Figure, median } from './measure.ts';

const rounds = 9;
const callsARound = 1000;

const note = z.object({ note_id: id, title: z.string(), tags: z.array(z.string()), created_at: instant });
const notes = contract({
  write: {
    method: 'POST',
    path: '/api/notes/{note_id}',
    summary: 'Write a note',
    access: { student: 'own' },
    params: z.object({ note_id: id }),
    body: z.strictObject({ title: text(200), tags: z.array(text(30)).max(10) }),
    status: 201,
    response: note,
  },
});

const answered = z.object({ statusCode: z.int() });

/** A signed-in student, whose token every request brings and whose state lies in a real table. */
async function aSignedInStudent() {
  const signingSecret = 'a secret of the benchmark, long enough to sign with';
  const services = await startSchoolServices({ table: 'bench', bucket: 'bench', signingSecret });
  const client = new DynamoDBClient({
    endpoint: services.environment.AWS_ENDPOINT_URL,
    region: services.environment.AWS_REGION,
    credentials: { accessKeyId: adminKeyId, secretAccessKey: localSecret },
  });
  const table = createTable(client, 'bench');
  const key = signingKey(signingSecret);
  const at = new Date();
  const login = { user_id: uuidv7(), login_id: uuidv7() };
  await publishKey(table, key, at);
  await table.write(
    table.insert(logins, {
      ...login,
      generation: 1,
      rotated_at: at.toISOString(),
      created_at: at.toISOString(),
      cookie: false,
      expires_at: Math.ceil(at.getTime() / 1000) + 3600,
    }),
    table.insert(users, userRecord({ user_id: login.user_id, org_id: uuidv7() })),
  );
  const token = await signAccessToken(key, { school: 'bench', ...login, now: at });
  const stop = async (): Promise<void> => {
    client.destroy();
    await services.stop();
  };
  return { token, identity: createIdentity(table, 'bench'), stop };
}

/**
 * What a request costs between Lambda and the use-case: routing, the token's signature and the caller's state,
 * parsing every part, checking the reply; beside a handler that does nothing, in turn.
 */
export async function benchmark(): Promise<Figure[]> {
  const context = {} as Context;
  const { token, identity, stop } = await aSignedInStudent();
  const event = {
    version: '2.0',
    routeKey: 'ANY /api/notes/{proxy+}',
    rawPath: '/api/notes/01938d5a-7c3e-7a10-9f00-1c2d3e4f5a6b',
    rawQueryString: '',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    requestContext: { requestId: 'r', http: { method: 'POST', path: '/', sourceIp: '127.0.0.1' } },
    body: JSON.stringify({ title: '서울고등학교의 첫 번째 노트', tags: ['rl', 'cartpole'] }),
    isBase64Encoded: false,
  };
  const served = serve(
    notes,
    identity,
  )({
    write: ({ params, body }) => ({ ...params, ...body, created_at: '2026-11-20T09:30:00.000Z' }),
  });
  const empty = middy(async () => ({ statusCode: 201, body: '{}' }));
  /** Milliseconds of each call. */
  const timesOf = async (handler: (event: never, context: Context) => unknown) => {
    const times: number[] = [];
    for (let call = 0; call < callsARound; call++) {
      const startedAt = performance.now();
      const reply = await handler(event as never, context);
      times.push(performance.now() - startedAt);

      const { statusCode } = answered.parse(reply);
      if (statusCode !== 201) throw new Error(`the handler answered ${statusCode}`);
    }
    return times;
  };
  const overheads: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const [full, none] = [await timesOf(served), await timesOf(empty)];
    if (round > 0) overheads.push(median(full) - median(none));
  }
  await stop();
  return [{ name: 'spine over an empty handler, p50', value: median(overheads), unit: 'ms', target: 2 }];
}
