/**
 * The one loopback port that every AWS call of the one-machine cloud goes through.
 *
 *     const gateway = await startGateway({ region, account, principals, inject });
 *     gateway.register('sqs', sqs);          // an AwsService of services/aws/call.ts
 *     AWS_ENDPOINT_URL=gateway.url AWS_ACCESS_KEY_ID=LOCALTrainerRole AWS_SECRET_ACCESS_KEY=local
 *
 * Requests are dispatched by the service in the SigV4 credential scope. The access key id says who calls:
 * `principals` gives the policy statements of each (the runner keeps the map up to date), `LOCALADMIN` may
 * do everything, any other key is unknown. Every secret access key is `local`; signatures are verified.
 *
 * A page in a browser must not reach the port: it listens on 127.0.0.1 only, and refuses an Origin header
 * and any Host that is not loopback (DNS rebinding).
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { evaluate, type Statement } from './iam.ts';
import { type AwsCall, AwsError, type AwsReply, type AwsService, type Grant } from './services/aws/call.ts';
import type { Fault } from './services/aws/faults.ts';
import { awsCall, signedRequest } from './services/aws/incoming.ts';
import {
  type Credentials,
  checkExpiry,
  readCredentials,
  type SignedRequest,
  sha256,
  signatureMatches,
} from './services/aws/sigv4.ts';
import { errorReply, send } from './services/aws/wire.ts';

export { type Fault, faults } from './services/aws/faults.ts';

export const adminKeyId = 'LOCALADMIN';
export const localSecret = 'local';

export interface GatewayOptions {
  readonly region: string;
  readonly account: string;
  readonly principals: ReadonlyMap<string, readonly Statement[]>;
  /** 0 (default) takes a free port. */
  readonly port?: number;
  /** The adverse mode: asked once for every permitted call, LOCALADMIN's too; seeded by the caller. */
  readonly inject?: (call: { service: string; action: string; accessKeyId: string }) => Fault | undefined;
  /** Milliseconds since the epoch; decides the expiry of presigned URLs. */
  readonly now?: () => number;
  readonly log?: (event: string, fields: Record<string, unknown>) => void;
}

export interface Gateway {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly port: number;
  register(service: string, handler: AwsService): void;
  /** Ends open long polls, then closes. */
  close(): Promise<void>;
}

export const startGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const services = new Map<string, AwsService>();
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
    void answer(request, response, services, options);
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The gateway has no TCP address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    register: (service, handler) => {
      services.set(service, handler);
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};

const answer = async (
  request: IncomingMessage,
  response: ServerResponse,
  services: ReadonlyMap<string, AwsService>,
  options: GatewayOptions,
): Promise<void> => {
  const requestId = randomUUID();
  let service: AwsService | undefined;
  try {
    refuseStrangers(request);
    const signed = signedRequest(request);
    const caller = readCredentials(signed);
    service = services.get(caller.service);
    if (service === undefined) throw unknownService(caller.service);
    const call = awsCall(
      request,
      response,
      signed,
      caller,
      (grant) => decide(grant, caller, options) === 'allowed',
    );
    await authenticate(service, call, signed, caller, options);
    await send(response, await serve(service, call, caller, options), requestId);
  } catch (error) {
    if (response.destroyed) return;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const known = error instanceof AwsError ? error : failure(error, options, requestId);
    const shown = service?.translateError?.(known) ?? known;
    await send(
      response,
      errorReply(service?.protocol ?? likelyProtocol(request), shown, requestId),
      requestId,
    );
    request.resume(); // most clients read the answer only after they have sent all
  }
};

/** Before the service is known; only S3 has presigned URLs. */
const likelyProtocol = ({ url = '' }: IncomingMessage) =>
  url.includes('X-Amz-Algorithm=') ? 'rest-xml' : 'json';

const serve = async (
  service: AwsService,
  call: AwsCall,
  caller: Credentials,
  options: GatewayOptions,
): Promise<AwsReply> => {
  const grants = await service.requires(call);
  for (const grant of grants) authorize(grant, caller, options);
  const fault = options.inject?.({
    service: caller.service,
    action: grants[0]?.action ?? `${caller.service}:${call.target || call.method}`,
    accessKeyId: caller.accessKeyId,
  });
  if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
  if (fault?.error === undefined) return service.handle(call);
  if (fault.afterEffect === true) await service.handle(call);
  throw typeof fault.error === 'function' ? await fault.error(call) : fault.error;
};

const authenticate = async (
  service: AwsService,
  call: AwsCall,
  signed: SignedRequest,
  caller: Credentials,
  options: GatewayOptions,
): Promise<void> => {
  const isS3 = service.protocol === 'rest-xml';
  if (caller.accessKeyId !== adminKeyId && !options.principals.has(caller.accessKeyId)) {
    throw isS3
      ? new AwsError(
          'InvalidAccessKeyId',
          'The AWS Access Key Id you provided does not exist in our records.',
          {
            status: 403,
          },
        )
      : new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
  if (caller.presigned && !isS3) {
    throw new AwsError('IncompleteSignature', 'Presigned URLs are implemented for S3 only.');
  }
  const payloadHash = isS3 ? declaredPayloadHash(call, caller) : sha256(await call.bytes());
  if (!signatureMatches(signed, caller, payloadHash, localSecret)) {
    throw new AwsError(
      isS3 ? 'SignatureDoesNotMatch' : 'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      { status: 403 },
    );
  }
  if (caller.presigned) checkExpiry(caller, call.query, (options.now ?? Date.now)());
};

/** S3 signs the hash that the client declares, and compares it with the body as the body arrives. */
const declaredPayloadHash = (
  { headers, query }: AwsCall,
  { presigned, signedHeaders }: Credentials,
): string => {
  const isSigned = !presigned || signedHeaders.includes('x-amz-content-sha256');
  const declared = isSigned ? headers['x-amz-content-sha256'] : query.get('X-Amz-Content-Sha256');
  return declared ?? 'UNSIGNED-PAYLOAD';
};

const decide = (grant: Grant, { accessKeyId }: Credentials, { principals }: GatewayOptions) =>
  accessKeyId === adminKeyId ? 'allowed' : evaluate(principals.get(accessKeyId) ?? [], grant);

const authorize = (grant: Grant, caller: Credentials, options: GatewayOptions): void => {
  const decision = decide(grant, caller, options);
  if (decision === 'allowed') return;
  const why =
    decision === 'explicit-deny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${grant.action} action`;
  const user = `arn:aws:sts::${options.account}:assumed-role/${caller.accessKeyId.replace(/^LOCAL/, '')}/local`;
  options.log?.('aws.access_denied', { caller: caller.accessKeyId, ...grant });
  throw accessDenied(
    `User: ${user} is not authorized to perform: ${grant.action} on resource: ${grant.resource} ${why}`,
  );
};

const accessDenied = (message: string) => new AwsError('AccessDeniedException', message, { status: 403 });

const refuseStrangers = (request: IncomingMessage): void => {
  const peer = request.socket.remoteAddress ?? '';
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const isLoopback = peer === '::1' || /^(::ffff:)?127\./.test(peer);
  if (!isLoopback) throw accessDenied('Only this machine may use the local cloud.');
  if (request.headers.origin !== undefined) throw accessDenied('Browsers may not use the local cloud.');
  if (!/^(127(\.\d+){3}|localhost|\[::1\])$/.test(host))
    throw accessDenied(`Host ${host} is not this machine.`);
};

const unknownService = (name: string) =>
  new AwsError('NotImplemented', `The local cloud does not have the service '${name}'.`, { status: 501 });

const failure = (error: unknown, options: GatewayOptions, request_id: string): AwsError => {
  options.log?.('aws.internal_failure', {
    request_id,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  return new AwsError('InternalFailure', 'The local cloud failed; its log has the reason.', { status: 500 });
};
