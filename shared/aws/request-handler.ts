import * as http from 'node:http';
import * as https from 'node:https';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readWhole } from '../http/read-whole.ts';

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
        outgoing.on('response', (incoming) => resolve(outcomeOf(incoming))).on('error', reject);
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

async function outcomeOf(incoming: http.IncomingMessage): Promise<Outcome> {
  const { statusCode = 502, headers } = incoming;
  return { response: { statusCode, headers: plainHeaders(headers), body: await readWhole(incoming) } };
}

/** Only `set-cookie` is a list, and AWS sets none. */
const plainHeaders = (headers: http.IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
