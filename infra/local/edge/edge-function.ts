import { runInNewContext } from 'node:vm';
import type { Answer, Exchange } from '../api/exchange.ts';
import { asNumber, asObject, asText, at, type Json, type JsonObject } from '../json.ts';

/** A CloudFront Function at a viewer request: the request it lets through, or the response it gives itself. */
export type EdgeFunction = (exchange: Exchange) => Exchange | Answer;

const executionMs = 1_000;

/**
 * Runs the JavaScript of an AWS::CloudFront::Function (viewer request) on the requests of its behaviours.
 * Event structure: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
 */
export function createEdgeFunction(code: string): EdgeFunction {
  const source = `${code}\n;JSON.stringify(handler(JSON.parse(event)))`;
  return (exchange) => {
    const event = JSON.stringify({
      version: '1.0',
      context: { eventType: 'viewer-request' },
      ...viewer(exchange),
    });
    const output: Json = JSON.parse(String(runInNewContext(source, { event }, { timeout: executionMs })));
    return asNumber(at(output, 'statusCode')) === undefined
      ? changed(exchange, asObject(output))
      : answer(asObject(output));
  };
}

const single = (values: Readonly<Record<string, string>>): JsonObject =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));

function viewer({ method, path, query, headers, sourceIp }: Exchange): object {
  const flat = Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
  return {
    viewer: { ip: sourceIp },
    request: {
      method,
      uri: path,
      querystring: single(Object.fromEntries(new URLSearchParams(query))),
      headers: single(flat),
      cookies: {},
    },
  };
}

const values = (fields: Json | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(asObject(fields)).map(([name, field]) => [
      name.toLowerCase(),
      asText(at(field, 'value')) ?? '',
    ]),
  );

/** The query stays as the viewer wrote it: no function here changes it. */
function changed(exchange: Exchange, request: JsonObject): Exchange {
  return { ...exchange, path: asText(request['uri']) ?? exchange.path, headers: values(request['headers']) };
}

function answer(response: JsonObject): Answer {
  const body = response['body'];
  return {
    status: asNumber(response['statusCode']) ?? 200,
    headers: values(response['headers']),
    body: Buffer.from(asText(body) ?? asText(at(body, 'data')) ?? ''),
  };
}
