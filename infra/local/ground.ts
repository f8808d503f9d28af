import type { Adversity } from './adverse.ts';
import type { Stack } from './assembly.ts';
import { createAwsCredentials } from './credentials.ts';
import type { DataFolder } from './data-folder.ts';
import { type Gateway, startGateway } from './gateway.ts';
import type { Statement } from './iam.ts';
import { asObject, asText, type JsonObject } from './json.ts';
import { accountId, applyTemplates, type Model, regionOf } from './model.ts';
import { type Roles, rolesOf } from './roles.ts';
import { createSecrets, type Secrets } from './services/secrets/index.ts';

export interface GroundOptions {
  readonly stacks: readonly Stack[];
  readonly data: DataFolder;
  readonly adversity: Adversity | undefined;
  readonly log: (event: string, fields: Record<string, unknown>) => void;
  /** Value of the secret that the variable ADMIN_SECRET_ARN names, if it is to be given rather than generated. */
  readonly firstAdmin: string | undefined;
}

/** What everything else stands on: the applied template, the port of the AWS services, roles and secrets. */
export interface Ground {
  readonly model: Model;
  readonly gateway: Gateway;
  readonly roles: Roles;
  /** The variables that give a process a role's identity. */
  readonly credentials: ReturnType<typeof createAwsCredentials>;
  readonly adminSecretArn: string | undefined;
}

export async function openGround({
  stacks,
  data,
  adversity,
  log,
  firstAdmin,
}: GroundOptions): Promise<Ground> {
  const region = regionOf(stacks);
  const principals = new Map<string, readonly Statement[]>();
  const inject = adversity === undefined ? {} : { inject: adversity.inject };
  const gateway = await startGateway({ region, account: accountId, principals, log, ...inject });
  const secretArns = new Map<string, string>();
  const model = applyTemplates({ stacks, gateway: gateway.url, secretArns });

  const secrets = await data.opened('secrets.json', (file) =>
    createSecrets({ file, region, account: accountId }),
  );
  const adminSecretArn = ensureSecrets(model, secrets, secretArns, firstAdmin);
  gateway.register('secretsmanager', secrets);
  const roles = rolesOf(model);
  for (const [key, statements] of roles.principals) principals.set(key, statements);
  return {
    model,
    gateway,
    roles,
    credentials: createAwsCredentials(region, gateway.url, roles),
    adminSecretArn,
  };
}

/** Creates what is new; gives the ARN of the first administrator's secret. */
function ensureSecrets(
  model: Model,
  secrets: Secrets,
  arns: Map<string, string>,
  firstAdmin: string | undefined,
): string | undefined {
  const all = model.ofType('AWS::SecretsManager::Secret');
  const variables = model
    .ofType('AWS::Lambda::Function')
    .flatMap(({ properties }) => environmentOf(properties)['ADMIN_SECRET_ARN'] ?? []);
  const admin = all.find(({ ref }) => variables.includes(ref));
  for (const one of all) {
    const isAdmin = one === admin;
    const properties = isAdmin && firstAdmin !== undefined ? { SecretString: firstAdmin } : one.properties;
    arns.set(one.attribute('Name'), secrets.ensureSecret(one.attribute('Name'), properties));
  }
  return admin?.attribute('Id');
}

const environmentOf = (properties: JsonObject): Record<string, string> => {
  const variables = asObject(asObject(properties['Environment'])['Variables']);
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, asText(value) ?? '']));
};
