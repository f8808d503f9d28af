/**
 * The one loopback port that every AWS call of the one-machine cloud goes through.
 *
 *     const gateway = await startGateway({ region, account, principals, inject });
 *     gateway.register('sqs', sqs);          // an AwsService of services/aws/call.ts
 *     AWS_ENDPOINT_URL=gateway.url AWS_ACCESS_KEY_ID=LOCALTrainerRole AWS_SECRET_ACCESS_KEY=local
 *
 * Requests are dispatched by the service in the SigV4 credential scope. The access key id says who calls:
 * `principals` gives the policy statements of each (the runner keeps the map up to date), `LOCALADMIN` may
 * do everything, any other key is unknown. Every secret access key is `local`.
 */

import type { Statement } from './iam.ts';
import type { AwsService } from './services/aws/call.ts';

export const adminKeyId = 'LOCALADMIN';
export const localSecret = 'local';

export interface Fault {
  readonly delayMs?: number;
  /** Answered instead of the call; see `faults` for the usual ones. */
  readonly error?: Error;
}

export interface GatewayOptions {
  readonly region: string;
  readonly account: string;
  readonly principals: ReadonlyMap<string, readonly Statement[]>;
  /** 0 (default) takes a free port. */
  readonly port?: number;
  /** The adverse mode: asked once for each permitted call; seeded by the caller. Never asked for LOCALADMIN. */
  readonly inject?: (call: { service: string; action: string; accessKeyId: string }) => Fault | undefined;
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

export declare function startGateway(options: GatewayOptions): Promise<Gateway>;
