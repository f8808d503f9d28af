/** AWS Secrets Manager in one file of mode 0600: `gateway.register('secretsmanager', createSecrets({ ... }))`. */
import type { AwsService } from '../aws/call.ts';

export interface SecretsOptions {
  readonly file: string;
  readonly region: string;
  readonly account: string;
  readonly now?: () => number;
}

/** The properties of AWS::SecretsManager::Secret that say what it holds. */
export interface SecretProperties {
  readonly SecretString?: string;
  readonly GenerateSecretString?: Readonly<Record<string, unknown>>;
  readonly Description?: string;
}

export interface Secrets extends AwsService {
  /** Creates the secret from its CloudFormation properties unless it exists (its value then stays); the ARN. */
  ensureSecret(name: string, properties: SecretProperties): string;
}

export declare function createSecrets(options: SecretsOptions): Promise<Secrets>;
