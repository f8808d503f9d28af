import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
import * as z from 'zod';
import { documents } from '#shared/aws/clients.ts';
import { readEnv } from '#shared/env.ts';
import { hashPassword } from '#shared/identity/password.ts';
import { systemClock } from '#shared/ids.ts';
import { logger } from '#shared/observability.ts';
import { organizations, schoolRoot } from '#shared/table/organization.ts';
import { ConditionFailed, createTable } from '#shared/table/table.ts';
import { claimWrites, type UserRecord, users } from '#shared/table/user.ts';

const env = readEnv('TABLE_NAME', 'SCHOOL', 'SCHOOL_SETTINGS', 'ADMIN_SECRET_ARN');
const table = createTable(documents(), env.TABLE_NAME);
const { now, newId } = systemClock;

/** `chosen` is set when a person chose the password, so that nobody asks them to change it at once. */
const adminSecret = z.object({
  email: z.string().min(3),
  password: z.string().min(8),
  chosen: z.boolean().default(false),
});

/**
 * Runs at every deployment and at every local start: gives a new school its organisation and first
 * administrator, in one transaction; an existing school is left as it is.
 */
export async function handler(): Promise<{ readonly created: boolean }> {
  if (await table.get(schoolRoot, {}, { consistent: true })) return { created: false };
  const admin = await readAdminSecret();
  const at = now().toISOString();
  const org_id = newId();
  const user: UserRecord = {
    user_id: newId(),
    email: admin.email,
    username: null,
    name: 'Administrator',
    role: 'platform_admin',
    org_id,
    locale: 'en',
    password_hash: await hashPassword(admin.password),
    must_change_password: !admin.chosen,
    disabled: false,
    external_ids: {},
    created_by: null,
    created_at: at,
    updated_at: at,
    version: 1,
  };
  const organization = {
    name: env.SCHOOL_SETTINGS.organization.name,
    kind: env.SCHOOL_SETTINGS.organization.type,
    org_id,
    member_count: 1,
    external_ids: {},
    created_at: at,
    updated_at: at,
    version: 1,
  };
  try {
    await table.write(
      table.insert(schoolRoot, { org_id, admin_user_id: user.user_id, created_at: at }),
      table.insert(organizations, organization),
      table.insert(users, user),
      ...claimWrites(table, undefined, user),
    );
  } catch (error) {
    // another run of the setup was first
    if (error instanceof ConditionFailed) return { created: false };
    throw error;
  }
  logger.info('school.created', { org_id });
  return { created: true };
}

async function readAdminSecret(): Promise<z.output<typeof adminSecret>> {
  return adminSecret.parse(await getSecret(env.ADMIN_SECRET_ARN, { transform: 'json' }));
}
