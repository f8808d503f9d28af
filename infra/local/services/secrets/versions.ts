/** The rules of versions and their stages: AWSCURRENT moves to the newest, AWSPREVIOUS to the one before. */
import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws/call.ts';
import type { Fields } from '../aws/fields.ts';
import type { Secret, Version } from './vault.ts';

const current = 'AWSCURRENT';
const previous = 'AWSPREVIOUS';

export const firstVersion = (value: Version['value'], id: string | undefined, now: number): Version => ({
  id: id ?? randomUUID(),
  value,
  stages: [current],
  createdAt: now,
});

/** Idempotent by version id: the same value again changes nothing, another value is refused. */
export const withVersion = (
  secret: Secret,
  input: { value: Version['value']; id: string | undefined; stages: readonly string[]; now: number },
): { secret: Secret; version: Version } => {
  const same = secret.versions.find(({ id }) => id === input.id);
  if (same !== undefined) {
    if (JSON.stringify(same.value) === JSON.stringify(input.value)) return { secret, version: same };
    const message = `A version with the id ${same.id} exists and has another value.`;
    throw new AwsError('ResourceExistsException', message);
  }
  const stages = input.stages.length === 0 ? [current] : input.stages;
  const version = { ...firstVersion(input.value, input.id, input.now), stages };
  const older = secret.versions.map((old) => demoted(old, stages));
  return { secret: { ...secret, changedAt: input.now, versions: [...older, version] }, version };
};

/** A stage belongs to one version only; the version that loses AWSCURRENT becomes AWSPREVIOUS. */
const demoted = (old: Version, taken: readonly string[]): Version => {
  const kept = old.stages.filter((stage) => !taken.includes(stage));
  if (!taken.includes(current)) return { ...old, stages: kept };
  const others = kept.filter((stage) => stage !== previous);
  return { ...old, stages: old.stages.includes(current) ? [...others, previous] : others };
};

export const findVersion = (secret: Secret, id: string | undefined, stage: string | undefined): Version => {
  const wanted = stage ?? (id === undefined ? current : undefined);
  const version = secret.versions.find(
    (candidate) =>
      (id === undefined || candidate.id === id) &&
      (wanted === undefined || candidate.stages.includes(wanted)),
  );
  if (version !== undefined) return version;
  throw new AwsError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for ${id === undefined ? `staging label: ${wanted}` : `VersionId: ${id}`}`,
  );
};

export const readValue = (input: Fields): Version['value'] | undefined => {
  const SecretString = input.optionalText('SecretString');
  const SecretBinary = input.optionalText('SecretBinary');
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw new AwsError('InvalidParameterException', 'You must provide either SecretString or SecretBinary.');
  }
  if (SecretString !== undefined) return { SecretString };
  return SecretBinary === undefined ? undefined : { SecretBinary };
};
