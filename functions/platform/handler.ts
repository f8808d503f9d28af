import { dynamoDb } from '#shared/aws/clients.ts';
import { domains } from '#shared/contracts/index.ts';
import { platformContract } from '#shared/contracts/platform.ts';
import { readEnv } from '#shared/env.ts';
import { unavailable } from '#shared/errors.ts';
import { openApi } from '#shared/http/openapi.ts';
import { serve, WithHeaders } from '#shared/http/serve.ts';
import { createIdentity } from '#shared/identity/authenticate.ts';
import { jwkOf, readPublicKeys } from '#shared/identity/keys.ts';
import { readReceiptJwks } from '#shared/identity/receipts.ts';
import { errorFields, logger } from '#shared/observability.ts';
import { schoolRoot } from '#shared/table/organization.ts';
import { createTable } from '#shared/table/table.ts';
import manifest from '../../package.json' with { type: 'json' };

const env = readEnv('TABLE_NAME', 'SCHOOL', 'SCHOOL_SETTINGS');
const table = createTable(dynamoDb(), env.TABLE_NAME);
const { authenticate } = createIdentity(table, env.SCHOOL);
const { version } = manifest;

let document: Record<string, unknown> | undefined;

export const handler = serve(platformContract, { authenticate })({
  health: async () => {
    if (!(await tableAnswers())) throw unavailable('health.table', 'The school’s table does not answer.');
    return {
      status: 'ok',
      school: env.SCHOOL,
      version,
      time_zone: env.SCHOOL_SETTINGS.time_zone,
      self_registration: env.SCHOOL_SETTINGS.self_registration !== 'off',
      checks: { table: 'ok' },
    };
  },
  openapi: () => {
    document ??= openApi(domains, { title: 'Lyceum', version });
    return new WithHeaders(document, { headers: { 'cache-control': 'public, max-age=300' } });
  },
  jwks: async () => {
    const [signing, receipts] = await Promise.all([readPublicKeys(table), readReceiptJwks(table)]);
    const keys = [...signing.map(jwkOf), ...receipts];
    return new WithHeaders({ keys }, { headers: { 'cache-control': 'public, max-age=60' } });
  },
});

async function tableAnswers(): Promise<boolean> {
  try {
    return (await table.get(schoolRoot, {}, { consistent: true })) !== undefined;
  } catch (error) {
    logger.error('health.table', errorFields(error));
    return false;
  }
}
