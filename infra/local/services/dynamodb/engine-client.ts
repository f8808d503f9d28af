/** HTTP to the engine over kept-alive connections: the gateway's requests as they are, and calls of our own. */
import { isObject, type JsonObject } from '../../json.ts';
import { type WholeReply, wholeRequests } from '../../whole-request.ts';
import { AwsError } from '../aws/call.ts';

export interface EngineClient {
  /** Passes a request on, body and all; the engine's answer. */
  forward(headers: Readonly<Record<string, string>>, body: Buffer): Promise<WholeReply>;
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
  const engine = wholeRequests(`http://${host}:${port}`, 20_000);
  const forward: EngineClient['forward'] = (headers, body) =>
    engine.send({ method: 'POST', path: '/', headers, body });
  return {
    forward,
    call: async (action, input) => {
      const version = streamActions.has(action) ? 'DynamoDBStreams_20120810' : 'DynamoDB_20120810';
      const headers = {
        ...unverified,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `${version}.${action}`,
      };
      const { status, body } = await forward(headers, Buffer.from(JSON.stringify(input)));
      const output: unknown = JSON.parse(body.toString());
      const members = isObject(output) ? output : {};
      if (status === 200) return members;
      const { __type = '', message, Message, ...fields } = members;
      throw new AwsError(String(__type).replace(/^.*#/, ''), String(message ?? Message ?? ''), {
        status,
        fields,
      });
    },
    ping: () =>
      engine.send({ method: 'GET', path: '/', timeoutMs: 1_000 }).then(
        () => true,
        () => false,
      ),
    close: () => engine.close(),
  };
};
