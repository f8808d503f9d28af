import '#tests/support/quiet.ts';
import type { Context } from 'aws-lambda';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { contract, originHeader } from '#shared/contracts/operation.ts';
import { serve } from '#shared/http/serve.ts';
import { eventOf } from './serving.ts';

const secret = 'only CloudFront knows it';
const who = contract({
  address: {
    method: 'GET',
    path: '/api/address',
    summary: 'Read the address',
    access: 'public',
    status: 200,
    response: z.object({ address: z.string() }),
  },
});
const handler = serve(who, {
  authenticate: () => Promise.reject(new Error('nobody signs in here')),
  originSecret: async () => secret,
})({ address: ({ address }) => ({ address }) });

async function addressOf(headers: Record<string, string>): Promise<unknown> {
  const { body } = await handler(eventOf({ path: '/api/address', headers }), {} as Context);
  return JSON.parse(body ?? '').address;
}

const peer = '203.0.113.7';
test.each([
  [
    'through CloudFront it is the viewer',
    { [originHeader]: secret, 'x-forwarded-for': '198.51.100.9, 130.176.0.1' },
    '198.51.100.9',
  ],
  [
    'what the viewer claims before that does not count',
    { [originHeader]: secret, 'x-forwarded-for': '10.0.0.1, 198.51.100.9, 130.176.0.1' },
    '198.51.100.9',
  ],
  [
    'around CloudFront it is the peer, whatever it claims',
    { 'x-forwarded-for': '198.51.100.9, 130.176.0.1' },
    peer,
  ],
  [
    'with a guessed secret it is the peer',
    { [originHeader]: 'guess', 'x-forwarded-for': '198.51.100.9, 130.176.0.1' },
    peer,
  ],
  ['without any word of it, the peer', {}, peer],
])('the address of a caller: %s', async (_, headers, expected) => {
  expect(await addressOf(headers)).toBe(expected);
});
