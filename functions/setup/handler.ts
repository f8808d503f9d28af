import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
import * as z from 'zod';
import { dynamoDb, objectsIn } from '#shared/aws/clients.ts';
import { readEnv } from '#shared/env.ts';
import { hashPassword } from '#shared/identity/password.ts';
import { systemClock } from '#shared/ids.ts';
import { logger } from '#shared/observability.ts';
import { organizations, schoolRoot } from '#shared/table/organization.ts';
import { ConditionFailed, createTable } from '#shared/table/table.ts';
import { claimWrites, type UserRecord, users } from '#shared/table/user.ts';
import { importExercises, type Root, readContent } from './content.ts';
import { makeDemoSchool } from './demo.ts';
import { makeDemoPlan } from './demo-plan.ts';
import { makeDemoQuiz } from './demo-quiz.ts';
import { importItemBanks, readStartingBanks } from './item-banks.ts';

const env = readEnv(
  'TABLE_NAME',
  'SCHOOL',
  'SCHOOL_SETTINGS',
  'ADMIN_SECRET_ARN',
  'ARTIFACTS_BUCKET',
  'AWS_ENDPOINT_URL',
);
const table = createTable(dynamoDb(), env.TABLE_NAME);
const { now, newId } = systemClock;
const objects = objectsIn(env.ARTIFACTS_BUCKET, env.AWS_ENDPOINT_URL);
const world = { table, now, objects };

/** `chosen` is set when a person chose the password, so that nobody asks them to change it at once. */
const adminSecret = z.object({
  email: z.string().min(3),
  password: z.string().min(8),
  chosen: z.boolean().default(false),
});

/**
 * Runs at every deployment and at every local start: gives a new school its organisation and first administrator,
 * then its starting content and, where it is a demo school, its people. What is there is left as it is.
 */
export async function handler(): Promise<{ readonly created: boolean }> {
  const { created, root } = await schoolOf();
  if (env.SCHOOL_SETTINGS.seed_content) {
    await importExercises(world, root, readContent);
    await importItemBanks(world, root, readStartingBanks);
  }
  if (env.SCHOOL_SETTINGS.demo_sign_in) {
    await makeDemoSchool(world, root);
    await makeDemoQuiz(world, root);
    await makeDemoPlan(world, root);
  }
  return { created };
}

async function schoolOf(): Promise<{ readonly created: boolean; readonly root: Root }> {
  const present = await table.get(schoolRoot, {}, { consistent: true });
  if (present) return { created: false, root: present };
  const made = await newSchool();
  if (made) return { created: true, root: made };
  // another run of the setup was first
  const theirs = await table.get(schoolRoot, {}, { consistent: true });
  if (!theirs) throw new Error('the school was neither made nor found');
  return { created: false, root: theirs };
}

/** The organisation and its administrator, in one transaction; undefined when they are there already. */
async function newSchool(): Promise<Root | undefined> {
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
    if (error instanceof ConditionFailed) return undefined;
    throw error;
  }
  logger.info('school.created', { org_id });
  return { org_id, admin_user_id: user.user_id };
}

async function readAdminSecret(): Promise<z.output<typeof adminSecret>> {
  return adminSecret.parse(await getSecret(env.ADMIN_SECRET_ARN, { transform: 'json' }));
}
