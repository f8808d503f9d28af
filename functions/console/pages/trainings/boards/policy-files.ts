import type * as z from 'zod';
import type { policyUpload } from '#shared/contracts/training-policies.ts';
import { policyLimits } from '#shared/domain/rl/policy/tensors.ts';
import { t } from '../../../i18n/index.ts';
import { base64Of } from '../../teaching/save-file.ts';

type Upload = z.input<typeof policyUpload>;
type Target = Pick<Upload, 'environment' | 'env_kwargs'>;

interface Part {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The text of model.json is short: it names the weights, which are in a file of their own. */
const largestZip = 2 * (policyLimits.bytes + policyLimits.headerBytes);

/** What is sent of the chosen files, or why they are no policy. Whether the policy is any good, the server says. */
export async function uploadOf(
  files: readonly File[],
  environment: string,
  kwargs: Readonly<Record<string, unknown>>,
): Promise<Upload | string> {
  if (files.some(({ size }) => size > largestZip)) return t('upload.tooLarge');
  const chosen = await Promise.all(
    files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
  );
  const [first] = chosen;
  if (!first) return t('upload.neither');
  const parts = isZip(first) ? await unpacked(first) : chosen;
  // the keyword arguments of a board are those of its environment
  const env_kwargs = kwargs as Target['env_kwargs'];
  return typeof parts === 'string' ? parts : policyIn(parts, { environment, env_kwargs });
}

const isZip = ({ bytes }: Part): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** Only the files that a policy consists of are unpacked, and none that says it is larger than it may be. */
async function unpacked({ bytes }: Part): Promise<readonly Part[] | string> {
  const { unzipSync } = await import('fflate');
  try {
    const entries = unzipSync(bytes, {
      filter: ({ name, originalSize }) =>
        /\.(safetensors|bin)$|(^|\/)model\.json$/.test(name) && originalSize <= policyLimits.bytes,
    });
    return Object.entries(entries).map(([name, content]) => ({ name, bytes: content }));
  } catch {
    return t('upload.neither');
  }
}

/** A zip of this platform holds the same policy in both forms. */
function policyIn(parts: readonly Part[], target: Target): Upload | string {
  const named = (ending: string) => parts.filter(({ name }) => name.endsWith(ending));
  const [safetensors] = named('.safetensors');
  if (safetensors)
    return sized(safetensors, () => ({
      format: 'safetensors',
      ...target,
      base64: base64Of(safetensors.bytes),
    }));
  const [model] = named('.json');
  const [weights, ...others] = named('.bin');
  if (!model) return t(weights ? 'upload.noModel' : 'upload.neither');
  if (!weights || others.length > 0) return t('upload.noWeights');
  return sized(weights, () => ({
    format: 'tfjs',
    ...target,
    model_json: new TextDecoder().decode(model.bytes),
    weights_base64: base64Of(weights.bytes),
  }));
}

const sized = ({ bytes }: Part, upload: () => Upload): Upload | string =>
  bytes.length > policyLimits.bytes ? t('upload.tooLarge') : upload();
