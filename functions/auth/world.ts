import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
import type { SchoolSettings } from '#shared/env.ts';
import { publishKey, refreshKey, type SigningKey, signingKey } from '#shared/identity/keys.ts';
import type { Clock } from '#shared/ids.ts';
import type { Table } from '#shared/table/table.ts';

/** What the use-cases of this function work with. */
export interface AuthWorld extends Clock {
  readonly table: Table;
  readonly school: string;
  readonly settings: SchoolSettings;
  readonly origins: readonly string[];
  readonly keys: () => Promise<AuthKeys>;
}

export interface AuthKeys {
  readonly signing: SigningKey;
  readonly refresh: Buffer;
}

/** Reads the signing secret once, and publishes its public key before the first token is signed with it. */
export function loadKeys(table: Table, secretArn: string, now: () => Date): () => Promise<AuthKeys> {
  let loading: Promise<AuthKeys> | undefined;
  const load = async (): Promise<AuthKeys> => {
    const secret = await getSecret(secretArn);
    if (typeof secret !== 'string' || secret.length < 32) throw new Error('the signing secret is too short');
    const signing = signingKey(secret);
    await publishKey(table, signing, now());
    return { signing, refresh: refreshKey(secret) };
  };
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
