import { readFile } from 'node:fs/promises';
import { strToU8, zipSync } from 'fflate';
import type { Caller } from '#shared/contracts/operation.ts';
import type { ExportFormat } from '#shared/contracts/training-policies.ts';
import {
  policyFromTensors,
  type TfjsModel,
  type WeightsOnFile,
  weightsFile,
  writePolicy,
  writeTfjs,
} from '#shared/domain/rl/policy/index.ts';
import { conflict, notFound } from '#shared/errors.ts';
import { weightsKey } from '#shared/jobs/artifacts.ts';
import { jobs, type TrainingJob } from '#shared/jobs/job.ts';
import { reachesJob } from '#shared/jobs/reach.ts';
import { trainedWeights } from '#shared/jobs/trained-policy.ts';
import { readme } from './readme.ts';
import type { PoliciesWorld } from './world.ts';

/** The same policy gives the same bytes: an archive of a year that zip can write. */
const mtime = '1980-01-02T00:00:00';

/** A Lambda function answers at most 6 MB, and base64 adds a third. */
const mostBytes = 4_400_000;

/** The policy of a completed training as a file. */
export async function exportPolicy(
  world: PoliciesWorld,
  caller: Caller,
  session_id: string,
  format: ExportFormat,
) {
  const job = await world.table.get(jobs, { job_id: session_id }, { consistent: true });
  if (job?.kind !== 'training' || !(await reachesJob(world.table, caller, job))) throw notFound('training');
  const weights = await loadTrainedWeights(world, job);
  const name = `${job.config.environment.toLowerCase()}-${job.config.algorithm}-${job.job_id.slice(-8)}`;
  const bytes = await fileOf(world, format, weights, name);
  if (bytes.length > mostBytes)
    throw conflict(
      'policy.too_large',
      'This policy is too large to be sent in this form; ask for format=safetensors or format=tfjs.',
    );
  return {
    file_name:
      format === 'safetensors' ? `${name}.safetensors` : `${name}${format === 'tfjs' ? '-tfjs' : ''}.zip`,
    media_type: format === 'safetensors' ? 'application/octet-stream' : 'application/zip',
    base64: Buffer.from(bytes).toString('base64'),
  };
}

/** What acts of a completed training's weights. */
export async function loadTrainedWeights(
  { objects }: PoliciesWorld,
  job: TrainingJob,
): Promise<WeightsOnFile> {
  if (job.state !== 'succeeded')
    throw conflict('training.not_completed', 'A policy is there when its training is completed.');
  return trainedWeights(job, await objects.get(weightsKey(job)));
}

async function fileOf(
  { assets }: PoliciesWorld,
  format: ExportFormat,
  weights: WeightsOnFile,
  name: string,
): Promise<Uint8Array> {
  if (format === 'safetensors') return writePolicy(weights);
  const { tensors, ...settings } = weights;
  const policy = policyFromTensors(settings, tensors);
  const model = writeTfjs(policy);
  if (format === 'tfjs') return zipped(name, tfjsFiles(model));
  const [page, program] = await Promise.all(
    ['policy-page.html', 'policy-run.mjs'].map((file) => readFile(new URL(file, assets), 'utf8')),
  );
  const inPage = writePolicy({ ...weights, tensors: tensors.map(inSinglePrecision) });
  return zipped(name, {
    'README.md': strToU8(readme(policy)),
    'index.html': strToU8((page ?? '').replace('{{policy}}', Buffer.from(inPage).toString('base64'))),
    'run.mjs': strToU8(program ?? ''),
    'policy.safetensors': writePolicy(weights),
    ...tfjsFiles(model),
  });
}

const tfjsFiles = ({ model, weights }: TfjsModel) => ({
  'model.json': strToU8(model),
  [weightsFile]: weights,
});

const zipped = (name: string, files: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${name}/${path}`, bytes])), {
    mtime,
    level: 6,
  });

const inSinglePrecision = (tensor: WeightsOnFile['tensors'][number]) => ({
  ...tensor,
  values: Float32Array.from(tensor.values),
});
