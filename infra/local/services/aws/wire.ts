/** How a reply, and an error, of each protocol looks on the wire. */
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type AwsError, type AwsReply, jsonReply, type Protocol } from './call.ts';

export const errorReply = (protocol: Protocol, error: AwsError, requestId: string): AwsReply => {
  const reply = { json: jsonError, 'rest-json': restJsonError, 'rest-xml': xmlError }[protocol](
    error,
    requestId,
  );
  return { ...reply, headers: { ...reply.headers, ...error.headers } };
};

const jsonError = (error: AwsError): AwsReply =>
  jsonReply({ __type: error.code, message: error.message, ...error.fields }, error.status);

const restJsonError = (error: AwsError): AwsReply => ({
  status: error.status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.code },
  body: JSON.stringify({ message: error.message, ...error.fields }),
});

const xmlError = (error: AwsError, requestId: string): AwsReply => ({
  status: error.status,
  headers: { 'content-type': 'application/xml' },
  body: xmlDocument('Error', {
    Code: error.code,
    Message: error.message,
    ...error.fields,
    RequestId: requestId,
  }),
});

export type XmlValue = string | number | boolean | undefined | XmlFields | readonly XmlValue[];
interface XmlFields {
  readonly [name: string]: unknown;
}

export const xmlDocument = (root: string, fields: XmlFields, namespace?: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${namespace === undefined ? '' : ` xmlns="${namespace}"`}>${xmlFields(fields)}</${root}>`;

const xmlFields = (fields: XmlFields): string =>
  Object.entries(fields)
    .flatMap(([name, value]) => (Array.isArray(value) ? value.map((item) => [name, item]) : [[name, value]]))
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${xmlContent(value)}</${name}>`)
    .join('');

const xmlContent = (value: unknown): string =>
  typeof value === 'object' && value !== null ? xmlFields({ ...value }) : escapeXml(String(value));

/** Control characters as references too: XML 1.0 has no other way to say them, and S3 does the same. */
const escapeXml = (text: string): string =>
  text.replace(/[&<>"'\p{Cc}\ufffe\uffff]/gu, (char) => `&#x${char.charCodeAt(0).toString(16)};`);

/** Sends the reply; a body that fails half-way breaks the connection, so that the client notices. */
export const send = async (response: ServerResponse, reply: AwsReply, requestId: string): Promise<void> => {
  response.writeHead(reply.status ?? 200, {
    'x-amzn-requestid': requestId,
    'x-amz-request-id': requestId,
    ...reply.headers,
  });
  const { body } = reply;
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) {
    response.end(response.req.method === 'HEAD' ? undefined : body);
    return;
  }
  await pipeline(body, response).catch(() => response.destroy());
};
