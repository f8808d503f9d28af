/** HTTP to the engine over kept-alive connections: the gateway's requests as they are, and calls of our own. */
import { Agent, type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { isObject, type JsonObject } from '../../json.ts';
import { AwsError } from '../aws/call.ts';

export interface EngineClient {
  /** Passes a request on, body and all; the engine's answer. */
  forward(headers: Readonly<Record<string, string>>, body: Buffer): Promise<IncomingMessage>;
  call(action: string, input: object): Promise<JsonObject>;
  /** Whether it answers at all. */
  ping(): Promise<boolean>;
  close(): void;
}

const streamActions = new Set(['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams']);

/** Both engines want a signature to be there and neither verifies it. */
const unverified = {
  authorization: `AWS4-HMAC-SHA256 Credential=LOCALADMIN/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
  'x-amz-date': '20260101T000000Z',
};

export const createEngineClient = (host: string, port: number): EngineClient => {
  // Free connections are given up before Jetty does so (30 s), so that no request meets a closing one.
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 64, timeout: 20_000 });
  const forward: EngineClient['forward'] = (headers, body) =>
    new Promise((resolve, reject) => {
      const outgoing = request({
        ...{ host, port, agent, method: 'POST', path: '/' },
        headers: { ...headers, 'content-length': body.length },
      });
      outgoing.on('response', resolve).on('error', reject);
      outgoing.end(body);
    });
  return {
    forward,
    call: async (action, input) => {
      const version = streamActions.has(action) ? 'DynamoDBStreams_20120810' : 'DynamoDB_20120810';
      const headers = {
        ...unverified,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `${version}.${action}`,
      };
      const response = await forward(headers, Buffer.from(JSON.stringify(input)));
      const output: unknown = await json(response);
      const members = isObject(output) ? output : {};
      if (response.statusCode === 200) return members;
      const { __type = '', message, Message, ...fields } = members;
      const status = response.statusCode ?? 500;
      throw new AwsError(String(__type).replace(/^.*#/, ''), String(message ?? Message ?? ''), {
        status,
        fields,
      });
    },
    ping: () =>
      new Promise((resolve) => {
        const outgoing = request({ host, port, timeout: 1_000 }, (response) => {
          response.resume();
          resolve(true);
        });
        outgoing.on('error', () => resolve(false)).on('timeout', () => outgoing.destroy());
        outgoing.end();
      }),
    close: () => agent.destroy(),
  };
};
