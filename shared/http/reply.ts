import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod';
import type { ErrorResponse } from '../contracts/shapes.ts';
import { DomainError, type ErrorKind, type Issue } from '../errors.ts';

const statusOf: Readonly<Record<ErrorKind, number>> = {
  unknown_reference: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported_media: 415,
  invalid: 422,
  too_many: 429,
  unavailable: 503,
};

const maxIssues = 20;
const maxMessage = 300;

const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

export function jsonReply(
  statusCode: number,
  body: unknown,
  more: { readonly headers?: Readonly<Record<string, string>>; readonly cookies?: readonly string[] } = {},
): APIGatewayProxyStructuredResultV2 {
  const cookies = more.cookies && { cookies: [...more.cookies] };
  if (body === undefined) return { statusCode, headers: { ...always, ...more.headers }, ...cookies };
  const headers = { 'content-type': 'application/json; charset=utf-8', ...always, ...more.headers };
  return { statusCode, headers, body: JSON.stringify(body), ...cookies };
}

/** The one place where an error of the domain becomes a reply. */
export function errorReply(
  error: DomainError,
  requestId: string,
  now: Date,
): APIGatewayProxyStructuredResultV2 {
  const statusCode = statusOf[error.kind];
  return jsonReply(statusCode, errorBody(error, requestId, now), {
    headers: {
      ...(error.retry_after_s !== undefined && {
        'retry-after': String(Math.max(1, Math.ceil(error.retry_after_s))),
      }),
      ...(statusCode === 401 && { 'www-authenticate': 'Bearer' }),
    },
  });
}

function errorBody(error: DomainError, requestId: string, now: Date): ErrorResponse {
  const issues = error.issues?.slice(0, maxIssues).map((issue) => ({
    loc: issue.loc.slice(0, 16),
    msg: issue.msg.slice(0, maxMessage),
    type: issue.type,
  }));
  return {
    detail: issues ?? error.message,
    error_code: error.error_code,
    timestamp: now.toISOString(),
    request_id: requestId,
  };
}

export const internalError = (requestId: string, now: Date): APIGatewayProxyStructuredResultV2 =>
  jsonReply(500, {
    detail:
      'Something went wrong on our side. Nothing of yours is lost; try again, and quote request_id if it stays.',
    error_code: 'internal',
    timestamp: now.toISOString(),
    request_id: requestId,
  } satisfies ErrorResponse);

/** Zod's issues in the wire's form; `part` says where the value came from. */
export const issuesOf = (part: 'body' | 'query' | 'path', error: z.ZodError): Issue[] =>
  error.issues.slice(0, maxIssues).map((issue) => ({
    loc: [part, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step).slice(0, 100)))],
    // of a name the rule that it breaks, not that it is one
    msg: (issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined) ?? issue.message,
    type: issue.code ?? 'invalid',
  }));

export const invalidRequest = (issues: readonly Issue[]): DomainError =>
  new DomainError('invalid', 'request.invalid', 'The request does not fit its schema.', { issues });
