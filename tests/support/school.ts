/**
 * A school to test with: its table in a real engine, its functions' handlers in this process, and people who
 * call them through the typed client.
 *
 *     const school = await aSchool();
 *     const { teacher, students, class_id } = await school.withClass({ students: 3 });
 *     await teacher.school.getClass({ params: { class_id } });
 */
import { fileURLToPath } from 'node:url';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll } from 'vitest';
import { assets as policyAssets } from '#functions/policies/assets.ts';
import { buildPolicyPage } from '#functions/policies/build.ts';
import { assets } from '#functions/validator/assets.ts';
import { buildValidatorAssets } from '#functions/validator/build.ts';
import { contracts } from '#shared/contracts/index.ts';
import type { Role } from '#shared/contracts/operation.ts';
import type { SchoolSettings } from '#shared/env.ts';
import { createClient } from '#shared/http/client.ts';
import { signAccessToken } from '#shared/identity/authenticate.ts';
import { publishKey, type SigningKey, signingKey } from '#shared/identity/keys.ts';
import { logins } from '#shared/identity/logins.ts';
import { uuidv7 } from '#shared/ids.ts';
import { newUserWrites } from '#shared/table/new-user.ts';
import { organizations, schoolRoot } from '#shared/table/organization.ts';
import { createTable, type Table } from '#shared/table/table.ts';
import type { UserRecord } from '#shared/table/user.ts';
import { type Handlers, inProcess, type LambdaHandler } from './in-process.ts';
import { startSchoolServices } from './school-services.ts';
import { userRecord } from './user-record.ts';

const name = 'school';
const bucket = 'artifacts';
const signingSecret = 'a secret of the tests, long enough to sign with, and known to everybody.';
const origin = 'http://127.0.0.1:8080';

export const settings: SchoolSettings = {
  organization: { name: '서울고등학교', type: 'school' },
  admin_email: 'admin@school.example',
  self_registration: 'students',
  seed_content: false,
  demo_sign_in: true,
  time_zone: 'Asia/Seoul',
  flags: {},
  limits: {
    max_concurrent_trainings: 2,
    max_trainings_per_student: 2,
    max_waiting_trainings_per_student: 20,
    max_training_steps: 10_000_000,
    max_training_minutes: 120,
    trainer_idle_s: 300,
    max_runs_per_student: 5,
    runs_per_minute: 30,
    source_characters: 10_000,
  },
  retention: { events_days: 30, checkpoints_days: 30 },
};

async function startServices() {
  const services = await startSchoolServices({ table: name, bucket, signingSecret });
  Object.assign(process.env, services.environment, {
    TABLE_NAME: name,
    SCHOOL: name,
    SCHOOL_SETTINGS: JSON.stringify(settings),
    SIGNING_SECRET_ARN: services.secretArn,
    ORIGIN_SECRET_ARN: services.secretArn,
    RECEIPT_SECRET_ARN: services.secretArn,
    PUBLIC_ORIGINS: origin,
    ARTIFACTS_BUCKET: bucket,
    // the graders' service is asked in vain where no ECS is
    CLUSTER_ARN: 'arn:aws:ecs:eu-west-1:000000000000:cluster/school',
    GRADER_SERVICE: 'grader',
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'WARN',
  });
  return services;
}

type Loaded = { readonly handler: LambdaHandler };

/**
 * A handler that is loaded at its first call: functions read their environment when they are loaded, which is then
 * set, and a file that calls two of the ten does not wait for the others.
 */
function loaded(load: () => Promise<Loaded>): LambdaHandler {
  let loading: Promise<Loaded> | undefined;
  return async (event, context) => {
    loading ??= load();
    return (await loading).handler(event, context);
  };
}

const handlers: Handlers = {
  auth: loaded(() => import('#functions/auth/handler.ts')),
  school: loaded(() => import('#functions/school/handler.ts')),
  banks: loaded(() => import('#functions/testing/banks-handler.ts')),
  testing: loaded(() => import('#functions/testing/handler.ts')),
  assessment: loaded(() => import('#functions/assessment/handler.ts')),
  training: loaded(() => import('#functions/training/handler.ts')),
  code: loaded(() => import('#functions/code/handler.ts')),
  // these two need files beside them
  validator: loaded(async () => {
    await buildValidatorAssets(fileURLToPath(assets));
    return import('#functions/validator/handler.ts');
  }),
  policies: loaded(async () => {
    await buildPolicyPage(fileURLToPath(policyAssets));
    return import('#functions/policies/handler.ts');
  }),
  realtime: loaded(() => import('#functions/realtime/handler.ts')),
  platform: loaded(() => import('#functions/platform/handler.ts')),
};

export interface PersonOptions {
  readonly name?: string;
  readonly org_id?: string;
  readonly email?: string | null;
  readonly username?: string | null;
  readonly grade?: string;
  readonly password_hash?: string;
  readonly disabled?: boolean;
}

const addOrganization =
  (table: Table) =>
  async (title = 'Hanbit Academy'): Promise<string> => {
    const at = new Date().toISOString();
    const org_id = uuidv7();
    const fields = { name: title, kind: 'school', member_count: 0, external_ids: {}, version: 1 };
    await table.write(table.insert(organizations, { ...fields, org_id, created_at: at, updated_at: at }));
    return org_id;
  };

/** A token of a new login, as if the person had just signed in. */
const tokens =
  (table: Table, key: SigningKey) =>
  async (user_id: string): Promise<string> => {
    const login_id = uuidv7();
    const at = new Date().toISOString();
    const login = { user_id, login_id, generation: 1, rotated_at: at, created_at: at, cookie: false };
    await table.write(table.insert(logins, { ...login, expires_at: Math.floor(Date.now() / 1000) + 86_400 }));
    return signAccessToken(key, { school: name, user_id, login_id, now: new Date() });
  };

/** A client of every domain with somebody's token, or with none. */
const clientsOf = (send: typeof fetch) => (token?: string) => {
  const options = { origin, fetch: send, token: () => token };
  return {
    school: createClient(contracts.school, options),
    testing: createClient(contracts.testing, options),
    assessment: createClient(contracts.assessment, options),
    auth: createClient(contracts.auth, options),
    training: createClient(contracts.training, options),
    policies: createClient(contracts.policies, options),
    code: createClient(contracts.code, options),
    realtime: createClient(contracts.realtime, options),
    platform: createClient(contracts.platform, options),
  };
};

const newUser = (number: number, role: Role, org_id: string, options: PersonOptions): UserRecord =>
  userRecord({
    email: options.email === undefined ? `${role}-${number}@school.example` : options.email,
    username: options.username ?? null,
    name: options.name ?? `${role} ${String(number).padStart(3, '0')}`,
    role,
    org_id: options.org_id ?? org_id,
    password_hash: options.password_hash ?? null,
    disabled: options.disabled ?? false,
  });

/** One school a test file; it ends with the file. */
export async function aSchool() {
  const services = await startServices();
  afterAll(services.stop);
  const send = inProcess(handlers, '127.0.0.1');
  const { dynamoDb } = await import('#shared/aws/clients.ts');
  services.shortcut(dynamoDb());
  const table = createTable(dynamoDb(), name);
  const key = signingKey(signingSecret);
  await publishKey(table, key, new Date());

  const organization = addOrganization(table);
  const tokenOf = tokens(table, key);
  const clients = clientsOf(send);
  const org_id = await organization(settings.organization.name);
  const root = { org_id, admin_user_id: 'nobody', created_at: new Date().toISOString() };
  await table.write(table.insert(schoolRoot, root));

  let people = 0;
  const person = async (role: Role, options: PersonOptions = {}) => {
    const user = newUser(++people, role, org_id, options);
    await table.write(...newUserWrites(table, user, { grade: options.grade }));
    const token = await tokenOf(user.user_id);
    const { user_id, name, email } = user;
    return { user_id, role, org_id: user.org_id, name, email, token, ...clients(token) };
  };

  const several = (count: number, role: Role, options: PersonOptions = {}) =>
    Promise.all(Array.from({ length: count }, () => person(role, options)));

  /** A class with its teacher and enrolled students. */
  const withClass = async (
    options: { readonly name?: string; readonly org_id?: string; readonly students?: number } = {},
  ) => {
    const inOrganization = options.org_id === undefined ? {} : { org_id: options.org_id };
    const teacher = await person('teacher', inOrganization);
    const students = await several(options.students ?? 0, 'student', inOrganization);
    const created = await teacher.school.createClass({ body: { name: options.name ?? '수학 I' } });
    const { class_id } = created;
    for (const { user_id } of students)
      await teacher.school.enroll({ body: { class_id, student_id: user_id } });
    return { class_id, created, join_code: created.join_code ?? '', teacher, students };
  };

  /** Puts an object into the bucket. */
  const put = async (Key: string, Body: string | Uint8Array): Promise<void> => {
    const { s3 } = await import('#shared/aws/clients.ts');
    await s3().send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  };

  services.meet();
  /** Faults that calls of the table meet from now on; without an argument those of every day. */
  const { meet } = services;
  const world = { table, bucket, put, meet, origin, fetch: send, settings };
  return { ...world, org_id, organization, person, several, withClass, clients, tokenOf };
}
export type School = Awaited<ReturnType<typeof aSchool>>;
export type Person = Awaited<ReturnType<School['person']>>;
