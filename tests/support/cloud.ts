/** A gateway with the emulated services of the test's choice, for real SDK clients. */
import { adminKeyId, type GatewayOptions, localSecret, startGateway } from '#infra/local/gateway.ts';
import type { Statement } from '#infra/local/iam.ts';

export const region = 'eu-west-1';
export const account = '000000000000';

export const startCloud = async (options: Partial<GatewayOptions> = {}) => {
  const principals = new Map<string, readonly Statement[]>();
  const failures: Record<string, unknown>[] = [];
  const gateway = await startGateway({
    region,
    account,
    principals,
    log: (event, fields) => {
      if (event === 'aws.internal_failure') failures.push(fields);
    },
    ...options,
  });
  return {
    ...gateway,
    principals,
    /** What the gateway could not explain; a test that leaves any has found a defect. */
    failures,
    config: (accessKeyId: string = adminKeyId) => ({
      endpoint: gateway.url,
      region,
      credentials: { accessKeyId, secretAccessKey: localSecret },
      maxAttempts: 1,
    }),
    [Symbol.asyncDispose]: () => gateway.close(),
  };
};

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
