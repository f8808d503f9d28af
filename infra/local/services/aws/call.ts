/**
 * What an emulated AWS service is, seen from the gateway.
 *
 * A service says which grants a request needs and then carries it out; the gateway reads the credential
 * scope, checks the key, the signature and the role, injects faults, and writes the reply or the error in
 * the service's own wire format. So no service can forget the permission check.
 */
import type { Readable } from 'node:stream';

/** One thing that the caller's role must allow. */
export interface Grant {
  /** `sqs:SendMessage`. */
  readonly action: string;
  /** ARN, or `*` where AWS knows no resource-level permission. */
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

export interface AwsCall {
  /** From the credential scope: `sqs`, `s3`, `execute-api`, … */
  readonly service: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly method: string;
  /** Undecoded and unnormalised, without the query: `/bucket/a%2Fb`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** Name after the dot of `X-Amz-Target` (`SendMessage`), or '' in the REST protocols. */
  readonly target: string;
  /** Aborted when the client leaves or the gateway closes. */
  readonly signal: AbortSignal;
  /** The body as it arrives; to be consumed once, instead of `bytes` or `json`. */
  readonly stream: AsyncIterable<Buffer>;
  /** The whole body, at most `limit` bytes (16 MiB); read once, then kept. */
  bytes(limit?: number): Promise<Buffer>;
  /** The body as a JSON object; SerializationException for anything else. */
  json(): Promise<Record<string, unknown>>;
  /** Whether the caller's role also has this grant, for replies that depend on it (S3's 403 for 404). */
  allows(grant: Grant): boolean;
}

export interface AwsReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | Readable;
}

/** `json` is AWS JSON 1.0 and 1.1, `rest-json` names the error in a header, `rest-xml` is S3. */
export type Protocol = 'json' | 'rest-json' | 'rest-xml';

export interface AwsService {
  readonly protocol: Protocol;
  /** The grants this request needs, all of them; throw AwsError for what no operation matches. */
  requires(call: AwsCall): readonly Grant[] | Promise<readonly Grant[]>;
  handle(call: AwsCall): AwsReply | Promise<AwsReply>;
  /** Gives the gateway's own errors (AccessDeniedException …) the service's name and headers for them. */
  translateError?(error: AwsError): AwsError;
}

/** An error of the API, sent to the caller; anything else that is thrown is a 500 and is logged. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    message: string,
    options: {
      status?: number;
      /** Further members of the error's body, such as CancellationReasons. */
      fields?: Readonly<Record<string, unknown>>;
      headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = options.status ?? 400;
    this.fields = options.fields ?? {};
    this.headers = options.headers ?? {};
  }
}

/** A reply in AWS JSON. */
export const jsonReply = (body: object, status = 200): AwsReply => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: JSON.stringify(body),
});
