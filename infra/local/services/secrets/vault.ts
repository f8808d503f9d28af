/** The secrets' file: read once, replaced whole and atomically at every change, readable by its owner only. */
import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';

export interface Version {
  readonly id: string;
  readonly value: { readonly SecretString: string } | { readonly SecretBinary: string };
  /** AWSCURRENT, AWSPREVIOUS or the caller's own; a version without stages is deprecated. */
  readonly stages: readonly string[];
  readonly createdAt: number;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly createdAt: number;
  readonly changedAt: number;
  /** Oldest first. */
  readonly versions: readonly Version[];
}

export interface Vault {
  readonly secrets: () => readonly Secret[];
  /** Adds the secret, or replaces the one of the same name. */
  save(secret: Secret): void;
}

export const openVault = (file: string): Vault => {
  let secrets = read(file);
  return {
    secrets: () => secrets,
    save: (secret) => {
      const others = secrets.filter(({ name }) => name !== secret.name);
      write(file, [...others, secret]);
      secrets = [...others, secret];
    },
  };
};

const read = (file: string): Secret[] => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new Error(`The secrets' file ${file} cannot be read`, { cause: error });
  }
};

const write = (file: string, secrets: readonly Secret[]): void => {
  const draft = `${file}.${randomUUID()}`;
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeSync(descriptor, JSON.stringify(secrets, null, 2));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
};
