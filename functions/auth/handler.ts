import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
import { dynamoDb } from '#shared/aws/clients.ts';
import { authContract } from '#shared/contracts/auth.ts';
import { readEnv } from '#shared/env.ts';
import { serve } from '#shared/http/serve.ts';
import { createIdentity } from '#shared/identity/authenticate.ts';
import { systemClock } from '#shared/ids.ts';
import { createTable } from '#shared/table/table.ts';
import { changePassword, login, readMe, register, resetPassword, updateMe } from './account.ts';
import { demoSignIn, listDemoRoles } from './demo.ts';
import { logout, refreshCookie, refreshTokens } from './tokens.ts';
import { type AuthWorld, loadKeys } from './world.ts';

const env = readEnv(
  'TABLE_NAME',
  'SCHOOL',
  'SCHOOL_SETTINGS',
  'SIGNING_SECRET_ARN',
  'ORIGIN_SECRET_ARN',
  'PUBLIC_ORIGINS',
);
const table = createTable(dynamoDb(), env.TABLE_NAME);
const world: AuthWorld = {
  ...systemClock,
  table,
  school: env.SCHOOL,
  settings: env.SCHOOL_SETTINGS,
  origins: env.PUBLIC_ORIGINS,
  keys: loadKeys(table, env.SIGNING_SECRET_ARN, systemClock.now),
};
const { authenticate } = createIdentity(table, env.SCHOOL);

/** The parameters utility keeps the value for five minutes. */
const originSecret = async (): Promise<string> =>
  String(await getSecret(env.ORIGIN_SECRET_ARN, { maxAge: 300 }));

export const handler = serve(authContract, { authenticate, originSecret })({
  register: ({ body, address }) => register(world, body, address),
  login: ({ body, address }) => login(world, body, address),
  refresh: ({ body, cookies }) => refreshTokens(world, body.refresh_token ?? refreshCookie(cookies)),
  logout: ({ body, cookies }) => logout(world, body.refresh_token ?? refreshCookie(cookies)),
  me: ({ caller }) => readMe(world, caller),
  updateMe: ({ body, caller }) => updateMe(world, caller, body),
  changePassword: ({ body, caller }) => changePassword(world, caller, body),
  reset: ({ body, address }) => resetPassword(world, body, address),
  demo: (viewer) => listDemoRoles(world, viewer),
  demoSignIn: (request) => demoSignIn(world, request.body, request),
});
