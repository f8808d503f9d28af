import '#tests/support/quiet.ts';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { adminKeyId, localSecret, startGateway } from '#infra/local/gateway.ts';
import { createSecrets } from '#infra/local/services/secrets/index.ts';
import { verifyPassword } from '#shared/identity/password.ts';
import { organizations, schoolRoot } from '#shared/table/organization.ts';
import { claims, users } from '#shared/table/user.ts';
import { settings } from '#tests/support/school.ts';
import { scratch } from '#tests/support/scratch.ts';
import { aTable } from '#tests/support/table.ts';

const { table, endpoint, stop } = await aTable();
const place = { region: 'eu-west-1', account: '000000000000' };
const folder = scratch('setup');
const gateway = await startGateway({ ...place, principals: new Map() });
const secrets = createSecrets({ file: join(folder, 'secrets.json'), ...place });
gateway.register('secretsmanager', secrets);
afterAll(async () => {
  await gateway.close();
  await stop();
});

const SecretString = JSON.stringify({ email: 'Admin@School.example', password: 'a one-time password' });
Object.assign(process.env, {
  AWS_REGION: place.region,
  AWS_ACCESS_KEY_ID: adminKeyId,
  AWS_SECRET_ACCESS_KEY: localSecret,
  AWS_ENDPOINT_URL: gateway.url,
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  TABLE_NAME: table.name,
  SCHOOL: 'school',
  SCHOOL_SETTINGS: JSON.stringify({ ...settings, demo_sign_in: false }),
  ARTIFACTS_BUCKET: 'artifacts',
  ADMIN_SECRET_ARN: secrets.ensureSecret('FirstAdmin', { SecretString }),
});
const { handler } = await import('#functions/setup/handler.ts');

test('the first setup makes the organisation and its administrator once, however often and at once it runs', async () => {
  const runs = await Promise.all(Array.from({ length: 10 }, () => handler()));
  expect(runs.filter(({ created }) => created)).toHaveLength(1);
  expect(await handler()).toEqual({ created: false });

  const { org_id = '', admin_user_id = '' } = (await table.get(schoolRoot, {}, { consistent: true })) ?? {};
  const admin = await table.get(users, { user_id: admin_user_id }, { consistent: true });
  expect(admin).toMatchObject({
    role: 'platform_admin',
    must_change_password: true,
    disabled: false,
    org_id,
  });
  expect(await verifyPassword('a one-time password', admin?.password_hash)).toBe(true);
  expect(await table.get(organizations, { org_id })).toMatchObject({ name: '서울고등학교', member_count: 1 });
  expect(await table.get(claims, { kind: 'email', value: 'admin@school.example' })).toMatchObject({
    user_id: admin_user_id,
  });
  const orgs = await table.queryAll(organizations, { index: 'gsi1', pk: 'orgs' });
  expect(orgs).toHaveLength(1);
});
