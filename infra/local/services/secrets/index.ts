/** AWS Secrets Manager in one file of mode 0600: `gateway.register('secretsmanager', createSecrets({ ... }))`. */
import { randomBytes } from 'node:crypto';
import { AwsError, type AwsService, type Grant, jsonReply } from '../aws/call.ts';
import { type Fields, fields } from '../aws/fields.ts';
import { type PasswordOptions, randomPassword } from './password.ts';
import { openVault, type Secret, type Vault, type Version } from './vault.ts';
import { findVersion, firstVersion, readValue, withVersion } from './versions.ts';

export interface SecretsOptions {
  readonly file: string;
  readonly region: string;
  readonly account: string;
  readonly now?: () => number;
}

/** The properties of AWS::SecretsManager::Secret that say what it holds. */
export interface SecretProperties {
  readonly SecretString?: string;
  readonly GenerateSecretString?: PasswordOptions & {
    /** A JSON object, to which the password is added under `GenerateStringKey`. */
    readonly SecretStringTemplate?: string;
    readonly GenerateStringKey?: string;
  };
  readonly Description?: string;
}

export interface Secrets extends AwsService {
  /** Creates the secret from its CloudFormation properties unless it exists (its value then stays); the ARN. */
  ensureSecret(name: string, properties: SecretProperties): string;
}

interface State {
  readonly vault: Vault;
  readonly arnPrefix: string;
  readonly now: () => number;
}

export const createSecrets = (options: SecretsOptions): Secrets => {
  const state: State = {
    vault: openVault(options.file),
    arnPrefix: `arn:aws:secretsmanager:${options.region}:${options.account}:secret:`,
    now: options.now ?? Date.now,
  };
  const read = (input: Readonly<Record<string, unknown>>) => fields(input, missing, invalid);
  return {
    protocol: 'json',
    requires: async (call) => {
      if (operations[call.target] === undefined) throw unknownOperation(call.target);
      return [grantOf(state, call.target, read(await call.json()))];
    },
    handle: async (call) => {
      const operation = operations[call.target];
      if (operation === undefined) throw unknownOperation(call.target);
      return jsonReply(operation(state, read(await call.json())));
    },
    ensureSecret: (name, properties) => {
      const existing = find(state, name);
      if (existing !== undefined) return existing.arn;
      const value = { SecretString: properties.SecretString ?? generate(properties.GenerateSecretString) };
      return create(state, name, properties.Description, firstVersion(value, undefined, state.now())).arn;
    },
  };
};

const operations: Readonly<Record<string, (state: State, input: Fields) => object>> = {
  CreateSecret: (state, input) => {
    const name = input.text('Name');
    if (!/^[\w/+=.@-]{1,512}$/.test(name)) throw invalid('Name', name, 'Invalid name.');
    if (find(state, name) !== undefined) {
      throw new AwsError(
        'ResourceExistsException',
        `The operation failed because the secret ${name} already exists.`,
      );
    }
    const value = readValue(input);
    const version = value && firstVersion(value, input.optionalText('ClientRequestToken'), state.now());
    const secret = create(state, name, input.optionalText('Description'), version);
    return { ARN: secret.arn, Name: name, VersionId: version?.id };
  },
  GetSecretValue: (state, input) => {
    const secret = findOrFail(state, input);
    const version = findVersion(secret, input.optionalText('VersionId'), input.optionalText('VersionStage'));
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      VersionStages: version.stages,
      CreatedDate: version.createdAt / 1000,
      ...version.value,
    };
  },
  PutSecretValue: (state, input) => {
    const value = readValue(input);
    if (value === undefined) throw missing('SecretString');
    const { secret, version } = withVersion(findOrFail(state, input), {
      value,
      id: input.optionalText('ClientRequestToken'),
      stages: input.texts('VersionStages'),
      now: state.now(),
    });
    state.vault.save(secret);
    return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages };
  },
  DescribeSecret: (state, input) => {
    const secret = findOrFail(state, input);
    const staged = secret.versions.filter(({ stages }) => stages.length > 0);
    return {
      ARN: secret.arn,
      Name: secret.name,
      Description: secret.description,
      CreatedDate: secret.createdAt / 1000,
      LastChangedDate: secret.changedAt / 1000,
      VersionIdsToStages: Object.fromEntries(staged.map(({ id, stages }) => [id, stages])),
    };
  },
  GetRandomPassword: (_, input) => ({ RandomPassword: randomPassword(input.all) }),
};

const grantOf = (state: State, operation: string, input: Fields): Grant => {
  const action = `secretsmanager:${operation}`;
  if (operation === 'GetRandomPassword') return { action, resource: '*' };
  const id = input.text(operation === 'CreateSecret' ? 'Name' : 'SecretId');
  return {
    action,
    resource: find(state, id)?.arn ?? (id.startsWith('arn:') ? id : `${state.arnPrefix}${id}`),
  };
};

const create = (
  state: State,
  name: string,
  description: string | undefined,
  version: Version | undefined,
): Secret => {
  const now = state.now();
  const secret: Secret = {
    name,
    arn: `${state.arnPrefix}${name}-${randomSuffix()}`,
    description,
    createdAt: now,
    changedAt: now,
    versions: version === undefined ? [] : [version],
  };
  state.vault.save(secret);
  return secret;
};

/** By name, by ARN, or by ARN without the six random characters. */
const find = ({ vault }: State, id: string): Secret | undefined =>
  vault.secrets().find(({ name, arn }) => id === name || id === arn || id === arn.slice(0, -7));

const findOrFail = (state: State, input: Fields): Secret => {
  const secret = find(state, input.text('SecretId'));
  if (secret !== undefined) return secret;
  throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
};

const generate = (options: SecretProperties['GenerateSecretString'] = {}): string => {
  const password = randomPassword(options);
  const { SecretStringTemplate, GenerateStringKey } = options;
  if (SecretStringTemplate === undefined || GenerateStringKey === undefined) return password;
  return JSON.stringify({ ...JSON.parse(SecretStringTemplate), [GenerateStringKey]: password });
};

const randomSuffix = (): string =>
  [...randomBytes(6)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef'[byte % 32]).join('');

const missing = (name: string) =>
  new AwsError('InvalidParameterException', `You must provide a value for the ${name} parameter.`);

const invalid = (name: string, value: unknown, reason: string) =>
  new AwsError('InvalidParameterException', `${name} ${value} is invalid: ${reason}`);

const unknownOperation = (name: string) =>
  new AwsError('UnknownOperationException', `The local Secrets Manager does not implement '${name}'.`);
