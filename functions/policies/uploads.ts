import type { Caller } from '#shared/contracts/operation.ts';
import type { PolicyUpload, UploadedPolicy } from '#shared/contracts/training-policies.ts';
import { UnknownEnvironment } from '#shared/domain/rl/environments/index.ts';
import { InvalidEnvironmentKwarg } from '#shared/domain/rl/environments/kwargs.ts';
import {
  canonicalKwargs,
  InvalidPolicy,
  type Policy,
  parameterCount,
  readPolicy,
  readTfjs,
} from '#shared/domain/rl/policy/index.ts';
import { invalid } from '#shared/errors.ts';
import { uploadKey } from '#shared/jobs/artifacts.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { type PolicyUploadRecord, policyUploads } from '#shared/table/leaderboard.ts';
import { countWithinHour } from './hourly.ts';
import type { PoliciesWorld } from './world.ts';

const keptForS = 30 * 86_400;

/** Reads the file through to its last byte, and keeps it. What is wrong with it is the answer. */
export async function uploadPolicy(
  world: PoliciesWorld,
  caller: Caller,
  body: PolicyUpload,
  key: string | undefined,
): Promise<UploadedPolicy> {
  const request = { caller, operation: 'policies.upload', key, body, now: world.now() };
  const record = await idempotently(
    world.table,
    request,
    async (done) => {
      const record = recordOf(world, caller, body, checked(body));
      // first of all: nobody fills the bucket beyond the limit
      await world.table.write(countWithinHour(world, caller, 'upload'));
      await store(world, record, body);
      await world.table.write(world.table.insert(policyUploads, record), ...done(record.upload_id));
      return record;
    },
    async (upload_id) => {
      const made = await world.table.get(policyUploads, { upload_id }, { consistent: true });
      if (!made) throw new Error(`upload ${upload_id} was recorded but is not there`);
      return made;
    },
  );
  return viewUpload(record);
}

/** @throws 422 that names the field, and in its message the tensor or layer */
function checked(body: PolicyUpload): Policy {
  const field = body.format === 'safetensors' ? 'base64' : 'model_json';
  try {
    return readUpload(body);
  } catch (error) {
    if (error instanceof InvalidPolicy)
      throw invalid(['body', field], error.message, `policy.${error.fault}`);
    if (error instanceof UnknownEnvironment) throw invalid(['body', 'environment'], error.message);
    if (error instanceof InvalidEnvironmentKwarg)
      throw invalid(['body', 'env_kwargs', error.field], error.message);
    throw error;
  }
}

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

function readUpload(body: PolicyUpload): Policy {
  const { environment, env_kwargs } = body;
  const wanted = { environment, env_kwargs };
  return body.format === 'safetensors'
    ? readPolicy(bytesOf(body.base64), wanted)
    : readTfjs({ model: body.model_json, weights: bytesOf(body.weights_base64) }, wanted);
}

function recordOf(
  { newId, now }: PoliciesWorld,
  { user_id, org_id }: Caller,
  { environment, env_kwargs, format }: PolicyUpload,
  policy: Policy,
): PolicyUploadRecord {
  const at = now();
  return {
    upload_id: newId(),
    owner_id: user_id,
    org_id,
    environment,
    env_kwargs: canonicalKwargs(environment, env_kwargs),
    format,
    parameters: parameterCount(policy),
    layers: policy.layers.map(({ inputs, outputs, activation }) => ({ inputs, outputs, activation })),
    action: policy.head.kind,
    created_at: at.toISOString(),
    expires_at: Math.floor(at.getTime() / 1000) + keptForS,
  };
}

/** Before the record: an upload that is known has its file. */
async function store(
  { objects }: PoliciesWorld,
  record: PolicyUploadRecord,
  body: PolicyUpload,
): Promise<void> {
  const file =
    body.format === 'safetensors'
      ? bytesOf(body.base64)
      : JSON.stringify({ model: body.model_json, weights: body.weights_base64 });
  await objects.put(uploadKey(record), file, 'application/octet-stream');
}

function viewUpload({ owner_id: _, org_id: __, ...record }: PolicyUploadRecord): UploadedPolicy {
  return {
    ...record,
    env_kwargs: JSON.parse(record.env_kwargs) as Record<string, unknown>,
    expires_at: new Date(record.expires_at * 1000).toISOString(),
  };
}
