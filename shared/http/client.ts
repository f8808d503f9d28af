import type { Call, Contract, Operation, ParsedReply } from '../contracts/operation.ts';
import { type ErrorResponse, errorResponse } from '../contracts/shapes.ts';

/** What the server refused, in the one form of every error. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: ErrorResponse;
  readonly retry_after_s: number | undefined;
  constructor(status: number, body: ErrorResponse, retryAfter: string | null) {
    super(typeof body.detail === 'string' ? body.detail : body.detail.map(({ msg }) => msg).join('; '));
    this.name = 'ApiError';
    this.status = status;
    this.body = body;
    // a proxy may send a date instead; nobody waits for that
    this.retry_after_s = /^\d+$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
  }
  get error_code(): string {
    return this.body.error_code;
  }
}

export type Client<C extends Contract> = {
  readonly [K in keyof C]: (
    call: Call<C[K]> & { readonly idempotency_key?: string; readonly signal?: AbortSignal },
  ) => Promise<ParsedReply<C[K]>>;
};

/** What the client asks of `fetch`. */
export type Send = (
  url: string,
  request: {
    readonly method: Operation['method'];
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly signal?: AbortSignal;
  },
) => Promise<{
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  json(): Promise<unknown>;
}>;

export interface ClientOptions {
  readonly origin: string;
  /** The access token, asked before each call that needs one. */
  readonly token?: () => Promise<string | undefined> | string | undefined;
  /** Called once on 401; true means: tokens are fresh, try again. */
  readonly renew?: () => Promise<boolean>;
  readonly fetch?: Send;
}

interface LooseCall {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly idempotency_key?: string;
  readonly signal?: AbortSignal;
}

/** A typed client of a contract: one function an operation, errors as {@link ApiError}. */
export function createClient<const C extends Contract>(contract: C, options: ClientOptions): Client<C> {
  const entries = Object.entries(contract).map(([name, operation]) => [
    name,
    (call: LooseCall) => request(operation, call ?? {}, options),
  ]);
  // fromEntries cannot relate each name to its own operation
  return Object.fromEntries(entries) as Client<C>;
}

async function request(
  operation: Operation,
  call: LooseCall,
  options: ClientOptions,
  renewed = false,
): Promise<unknown> {
  const send: Send = options.fetch ?? fetch;
  const token = operation.access === 'public' ? undefined : await options.token?.();
  const response = await send(urlOf(operation, call, options.origin), {
    method: operation.method,
    headers: {
      ...(call.body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(call.idempotency_key !== undefined && { 'idempotency-key': call.idempotency_key }),
    },
    ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    ...(call.signal && { signal: call.signal }),
  });
  if (response.status === 401 && operation.access !== 'public' && !renewed && (await options.renew?.()))
    return request(operation, call, options, true);
  if (response.ok)
    return operation.response.parse(response.status === 204 ? undefined : await response.json());
  throw new ApiError(response.status, await errorBody(response), response.headers.get('retry-after'));
}

function urlOf(operation: Operation, call: LooseCall, origin: string): string {
  const path = operation.path.replaceAll(/\{([a-z_]+)\}/g, (_, name: string) =>
    encodeURIComponent(String(call.params?.[name] ?? '')),
  );
  const query = Object.entries(call.query ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`);
  return `${origin}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

/** API Gateway's own errors (413, 429, 503) have another body; they become the same error here. */
async function errorBody(response: Awaited<ReturnType<Send>>): Promise<ErrorResponse> {
  const parsed = errorResponse.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  return {
    detail: gatewayWords[response.status] ?? 'The server could not answer. Try again in a moment.',
    error_code: `gateway.${response.status}`,
    timestamp: new Date().toISOString(),
    request_id: response.headers.get('apigw-requestid') ?? '',
  };
}
const gatewayWords: Readonly<Record<number, string>> = {
  413: 'The request is too large.',
  429: 'Too many requests at once. Try again in a moment.',
  503: 'The platform is busy. Try again in a moment.',
};
