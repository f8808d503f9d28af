import * as http from 'node:http';
import * as https from 'node:https';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

type RequestHandler = DynamoDBClient['config']['requestHandler'];
type Outcome = Awaited<ReturnType<RequestHandler['handle']>>;

/** As many connections as the SDK's own handler opens. */
const agentSettings = { keepAlive: true, maxSockets: 50 } as const;

/**
 * Sends the requests of an SDK client whose bodies are in memory, each way in one piece, as those of DynamoDB and SQS
 * are. The SDK's own handler is made for streams, and half of what a call costs is its. Errors of the connection are
 * Node's: by their codes the SDK knows what to try again.
 */
export function inMemoryHandler(): RequestHandler {
  const agent = new http.Agent(agentSettings);
  const secureAgent = new https.Agent(agentSettings);
  return {
    handle: ({ protocol, hostname, port, method, path, headers, body }, options = {}) =>
      new Promise((resolve, reject) => {
        const isSecure = protocol === 'https:';
        const signal = 'abortSignal' in options ? options.abortSignal : undefined;
        const outgoing = (isSecure ? https : http).request({
          agent: isSecure ? secureAgent : agent,
          ...{ host: hostname, port, method, path, headers },
          ...(signal instanceof AbortSignal && { signal }),
        });
        outgoing.on('response', (incoming) => readWhole(incoming, resolve, reject)).on('error', reject);
        outgoing.end(body);
      }),
    // A client asks for settings of its handler, and there are none.
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => {
      agent.destroy();
      secureAgent.destroy();
    },
  };
}

function readWhole(
  incoming: http.IncomingMessage,
  resolve: (outcome: Outcome) => void,
  reject: (error: Error) => void,
): void {
  const chunks: Buffer[] = [];
  incoming
    .on('data', (chunk: Buffer) => chunks.push(chunk))
    .on('end', () => {
      const { statusCode = 502, headers } = incoming;
      resolve({ response: { statusCode, headers: plainHeaders(headers), body: Buffer.concat(chunks) } });
    })
    .on('error', reject);
}

/** Only `set-cookie` is a list, and AWS sets none. */
const plainHeaders = (headers: http.IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
