import * as z from 'zod';
import { policyLimits } from '../domain/rl/policy/tensors.ts';
import { contract } from './operation.ts';
import { policySource, verifiedResult } from './policy-shapes.ts';
import { decimal, id, instant, page, paging } from './shapes.ts';
import { readers, runners } from './training-access.ts';

export { policySource, type VerifiedResult, verifiedResult } from './policy-shapes.ts';

/** Exported policies, uploads of policies, and the boards on which the server ranks what it has played itself. */

export const exportFormats = ['zip', 'safetensors', 'tfjs'] as const;
export const exportFormat = z
  .enum(exportFormats, 'zip, safetensors or tfjs; csv and jsonl of the metrics are at …/metrics/export')
  .meta({ id: 'PolicyFormat' });
export type ExportFormat = z.output<typeof exportFormat>;

export const policyFile = z
  .object({
    file_name: z.string(),
    media_type: z.string(),
    base64: z.string().meta({ description: 'The file itself' }),
  })
  .meta({ id: 'PolicyFile' });

/** Bytes as base64 text, padded to a multiple of four. */
const base64 = (bytes: number) =>
  z
    .string()
    .min(4)
    .max(Math.ceil(bytes / 3) * 4)
    .regex(/^[A-Za-z0-9+/]+={0,2}$/, 'must be base64')
    .refine((text) => text.length % 4 === 0, 'must be base64, padded to a multiple of four');

const envKwarg = z.union([
  z.boolean(),
  decimal(),
  z.string().max(64),
  z.null(),
  z.array(z.union([decimal(), z.string().max(64)])).max(64),
]);
const environmentId = z
  .string()
  .min(1)
  .max(64)
  .meta({ description: 'Gymnasium id', examples: ['CartPole-v1'] });
const target = {
  environment: environmentId,
  env_kwargs: z.record(z.string().max(40), envKwarg).default({}),
};

/** A file of a policy; what is wrong with it is said by the tensor or layer. */
export const policyUpload = z
  .discriminatedUnion('format', [
    z.strictObject({
      format: z.literal('safetensors'),
      ...target,
      base64: base64(policyLimits.bytes).meta({
        description: 'At most 2 MB: tensors of PPO, DQN or SAC named as in Stable-Baselines3’s state_dict',
      }),
    }),
    z.strictObject({
      format: z.literal('tfjs'),
      ...target,
      model_json: z
        .string()
        .max(policyLimits.headerBytes)
        .meta({ description: 'The text of model.json: a chain of Dense layers with tanh, relu or linear' }),
      weights_base64: base64(policyLimits.bytes).meta({
        description: 'The one file of weights that it names',
      }),
    }),
  ])
  .meta({ id: 'PolicyUpload' });
export type PolicyUpload = z.output<typeof policyUpload>;
/** Base64 of the largest file, and the fields around it. */
export const uploadBodyBytes = Math.ceil(policyLimits.bytes / 3) * 4 + 2 * policyLimits.headerBytes + 16_384;

const kwargs = z.record(z.string(), z.unknown());
export const uploadedPolicy = z
  .object({
    upload_id: id,
    environment: z.string(),
    env_kwargs: kwargs,
    format: z.enum(['safetensors', 'tfjs']),
    parameters: z.int().meta({ description: 'Weights and biases between observation and action' }),
    layers: z.array(
      z.object({ inputs: z.int(), outputs: z.int(), activation: z.enum(['tanh', 'relu', 'linear']) }),
    ),
    action: z
      .enum(['argmax', 'q_values', 'clipped', 'squashed'])
      .meta({ description: 'How the network’s output becomes an action' }),
    created_at: instant,
    expires_at: instant.meta({ description: 'Until then it can be entered on a board' }),
  })
  .meta({ id: 'UploadedPolicy' });
export type UploadedPolicy = z.output<typeof uploadedPolicy>;

export const verificationStatus = z
  .enum(['pending', 'running', 'verified', 'refused', 'failed', 'cancelled'])
  .meta({ id: 'VerificationStatus' });

/** A policy that was entered on a board. */
export const boardEntry = z
  .object({
    entry_id: id,
    environment: z.string(),
    env_kwargs: kwargs,
    source: policySource,
    source_id: id,
    status: verificationStatus,
    result: verifiedResult.nullable(),
    error_code: z.string().nullable(),
    error_detail: z.string().nullable().meta({ description: 'Why it was refused, or why it failed' }),
    owner_id: id,
    owner_name: z.string(),
    created_at: instant,
    ended_at: instant.nullable(),
  })
  .meta({ id: 'BoardEntry' });
export type BoardEntry = z.output<typeof boardEntry>;

/** A line of a board: somebody's best. */
export const boardLine = z
  .object({
    rank: z.int().meta({
      description: '1 is the highest mean; equal means share a rank; 501 stands for all beyond 500',
    }),
    entry_id: id,
    own: z.boolean(),
    name: z.string().nullable().meta({
      description:
        'Students see their own, guardians their children’s, staff those of their class with `class_id`',
    }),
    source: policySource,
    ...verifiedResult.shape,
    verified_at: instant,
  })
  .meta({ id: 'BoardLine' });
export type BoardLine = z.output<typeof boardLine>;

export const boardPage = z.object({
  ...page(boardLine).shape,
  environment: z.string(),
  env_kwargs: kwargs,
  reward_threshold: z.number().nullable(),
  own: boardLine.nullable().meta({ description: 'The caller’s own line, wherever it stands' }),
});

export const boardReplay = z
  .object({
    entry_id: id,
    environment: z.string(),
    env_kwargs: kwargs,
    reward: z.number(),
    length: z.int(),
    frames: z
      .array(z.array(z.number()))
      .meta({ description: '`length + 1` states, first and last included' }),
    actions: z
      .array(z.union([z.number(), z.array(z.number())]))
      .meta({ description: '`length` actions; action t leads from frame t to t + 1' }),
  })
  .meta({ id: 'BoardReplay' });

const board = { params: z.object({ environment: environmentId }) };
const entry = { params: z.object({ environment: environmentId, entry_id: id }) };

export const policiesContract = contract({
  exportPolicy: {
    method: 'GET',
    path: '/api/training/{session_id}/export',
    summary: 'Export the policy of a completed training',
    description:
      'As it was at its best evaluation; the one at the end is in the last checkpoint. `zip` holds the others, a program for Node and a page that runs it in a browser; `tfjs` is a zip of model.json and weights.bin.',
    access: readers,
    params: z.object({ session_id: id }),
    query: z.strictObject({ format: exportFormat.default('zip') }),
    status: 200,
    response: policyFile,
    errors: [404, 409],
  },
  uploadPolicy: {
    method: 'POST',
    path: '/api/training/uploads',
    summary: 'Upload a policy',
    description: 'Checked at once and kept for 30 days. A model is data here: nothing in it is ever run.',
    access: runners,
    body: policyUpload,
    largestBody: uploadBodyBytes,
    status: 201,
    response: uploadedPolicy,
    errors: [413, 429],
  },
  leaderboard: {
    method: 'GET',
    path: '/api/training/leaderboards/{environment}',
    summary: 'Read the board of an environment',
    description:
      'Everybody’s best verified policy, highest mean first: of the school, or of a class with `class_id`. Each pair of environment and keyword arguments has a board of its own.',
    access: {
      student: 'member',
      guardian: 'linked',
      assistant: 'taught',
      teacher: 'taught',
      org_admin: 'organization',
      platform_admin: 'all',
    },
    ...board,
    query: z.strictObject({
      class_id: id.optional(),
      env_kwargs: z
        .string()
        .max(2000)
        .default('{}')
        .meta({ description: 'Keyword arguments of the environment, as JSON' }),
      ...paging,
    }),
    status: 200,
    response: boardPage,
    errors: [404],
  },
  enter: {
    method: 'POST',
    path: '/api/training/leaderboards/{environment}/entries',
    summary: 'Enter a policy on the board',
    description:
      'The server plays it on hidden seeds and takes what comes of it; nobody can post a score. Watch `job:<entry_id>` on the WebSocket. The same policy is played once: asking again answers the same entry.',
    access: runners,
    ...board,
    body: z
      .strictObject({ session_id: id.optional(), upload_id: id.optional() })
      .refine(
        ({ session_id, upload_id }) => (session_id === undefined) !== (upload_id === undefined),
        'give either session_id or upload_id',
      ),
    status: 202,
    response: boardEntry,
    errors: [400, 404, 409, 429],
  },
  entry: {
    method: 'GET',
    path: '/api/training/leaderboards/{environment}/entries/{entry_id}',
    summary: 'Read what came of an entry',
    access: readers,
    ...entry,
    status: 200,
    response: boardEntry,
    errors: [404],
  },
  entryReplay: {
    method: 'GET',
    path: '/api/training/leaderboards/{environment}/entries/{entry_id}/replay',
    summary: 'Read a hidden episode of a verified entry, frame by frame',
    description: 'Of the own ones, and of those that the board shows.',
    access: {
      student: 'organization',
      guardian: 'linked',
      assistant: 'organization',
      teacher: 'organization',
      org_admin: 'organization',
      platform_admin: 'all',
    },
    ...entry,
    query: z.strictObject({ episode: z.enum(['median', 'best']).default('median') }),
    status: 200,
    response: boardReplay,
    errors: [404],
  },
});
