import type { TrainingFile } from '#shared/contracts/training.ts';
import type { TrainingWorld } from './world.ts';

/** A reply of a function holds 6 MB, and base64 makes 4 of 3. */
const largestReply = 3_000_000;
const urlForS = 900;

export type FileName = Pick<TrainingFile, 'file_name' | 'media_type'>;

/** @returns undefined for what is too large for a reply */
export function inReply(name: FileName, bytes: Uint8Array): TrainingFile | undefined {
  if (bytes.length > largestReply) return undefined;
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
  return { ...name, base64, urls: [], urls_expire_at: null };
}

/** Stored objects, which for some minutes anybody may read who has their URLs. */
export async function byUrl(
  { objects, now }: TrainingWorld,
  name: FileName,
  keys: readonly string[],
): Promise<TrainingFile> {
  const urls = await Promise.all(keys.map((key) => objects.urlOf(key, urlForS)));
  const urls_expire_at = new Date(now().getTime() + urlForS * 1000).toISOString();
  return { ...name, base64: null, urls, urls_expire_at };
}
