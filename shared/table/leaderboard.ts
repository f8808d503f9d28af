import { createHash } from 'node:crypto';
import * as z from 'zod';
import { policySource, verifiedResult } from '../contracts/policy-shapes.ts';
import { entity } from './entity.ts';

/** A board: of an organisation, for an environment with its keyword arguments in canonical JSON. */
export interface Board {
  readonly org_id: string;
  readonly environment: string;
  readonly env_kwargs: string;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16);

export const boardKey = ({ org_id, environment, env_kwargs }: Board): string =>
  `board#${org_id}#${environment}#${hashOf(env_kwargs)}`;
export const rankedKey = (board: Board): string => `${boardKey(board)}#ranked`;

/**
 * Text that sorts as the numbers do: the bits of a float64, with the sign turned so that negative ones come first
 * and, among themselves, the larger magnitudes before the smaller.
 */
export function sortableNumber(value: number): string {
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(value === 0 ? 0 : value);
  const negative = ((bits[0] ?? 0) & 0x80) !== 0;
  const turned = bits.map((byte, i) => (negative ? ~byte & 0xff : i === 0 ? byte | 0x80 : byte));
  return Buffer.from(turned).toString('hex');
}

/** Read backwards: the highest mean first, and of equals the one that was there first. */
const rankText = (result: { readonly mean_reward: number }, verified_at: string): string =>
  `${sortableNumber(result.mean_reward)}#${sortableNumber(-Date.parse(verified_at))}`;

/**
 * Somebody's best verified policy on a board.
 *
 * Access patterns:
 * - of a person: `board#<org>#<environment>#<hash of the keyword arguments>` / `entry#<user>`
 * - of the members of a class: the same, many at once
 * - in order: gsi1 `<board>#ranked`, backwards
 */
export const boardEntries = entity({
  type: 'board_entry',
  schema: z.object({
    org_id: z.string(),
    environment: z.string(),
    /** Canonical JSON. */
    env_kwargs: z.string(),
    user_id: z.string(),
    name: z.string(),
    /** The job that verified it. */
    entry_id: z.string(),
    source: policySource,
    ...verifiedResult.shape,
    verified_at: z.string(),
    version: z.int(),
  }),
  key: (entry: Board & { readonly user_id: string }) => ({
    pk: boardKey(entry),
    sk: `entry#${entry.user_id}`,
  }),
  indexes: {
    gsi1: (entry) => ({ pk: rankedKey(entry), sk: `${rankText(entry, entry.verified_at)}#${entry.user_id}` }),
  },
});
export type BoardEntryRecord = z.output<typeof boardEntries.schema>;

/**
 * Which job verifies a policy, so that the same one is played once.
 *
 * Access pattern: by source: `policy#<session or upload>#<id>` / `verification`
 */
export const verificationsOf = entity({
  type: 'verification_of',
  schema: z.object({ source: policySource, source_id: z.string(), job_id: z.string() }),
  key: ({ source, source_id }: { source: 'session' | 'upload'; source_id: string }) => ({
    pk: `policy#${source}#${source_id}`,
    sk: 'verification',
  }),
});

/**
 * A policy that somebody uploaded; its file is in S3 and was read through before it was put there.
 *
 * Access pattern: by id: `policy#upload#<id>` / `upload`
 */
export const policyUploads = entity({
  type: 'policy_upload',
  schema: z.object({
    upload_id: z.string(),
    owner_id: z.string(),
    org_id: z.string(),
    environment: z.string(),
    /** Canonical JSON. */
    env_kwargs: z.string(),
    format: z.enum(['safetensors', 'tfjs']),
    parameters: z.int(),
    layers: z.array(
      z.object({ inputs: z.int(), outputs: z.int(), activation: z.enum(['tanh', 'relu', 'linear']) }),
    ),
    action: z.enum(['argmax', 'q_values', 'clipped', 'squashed']),
    created_at: z.string(),
    expires_at: z.int(),
  }),
  key: ({ upload_id }: { upload_id: string }) => ({ pk: `policy#upload#${upload_id}`, sk: 'upload' }),
});
export type PolicyUploadRecord = z.output<typeof policyUploads.schema>;

/**
 * How often somebody did something in an hour; forgotten a day later.
 *
 * Access pattern: by person, act and hour: `user#<id>` / `hourly#<act>#<hour>`
 */
export const hourlyCounts = entity({
  type: 'hourly_count',
  schema: z.object({
    user_id: z.string(),
    act: z.enum(['upload', 'entry']),
    /** `2026-11-21T07` */
    hour: z.string(),
    used: z.int(),
    expires_at: z.int(),
  }),
  key: ({ user_id, act, hour }: { user_id: string; act: 'upload' | 'entry'; hour: string }) => ({
    pk: `user#${user_id}`,
    sk: `hourly#${act}#${hour}`,
  }),
});
