import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type * as z from 'zod';
import type { ObjectReader, ObjectStore } from '../aws/objects.ts';
import { publishedItem, publishedItems } from '../contracts/item-shapes.ts';

/** What a published version holds. */
export type PublishedContent = z.output<typeof publishedItems>;

/**
 * Bytes that the JSON of a published version may have, which is loaded whole. At the worst (texts of two bytes a
 * character) 24 MB take 1 s of a whole vCPU, 140 MB of V8's heap and, with all that waits to be collected, 250 MB of the
 * function's memory; when such banks take turns, 430 MB.
 */
export const mostPublishedBytes = 24 * 1_048_576;

const compressed = promisify(gzip);
const uncompressed = promisify(gunzip);

/** Named by its content: two who publish at once cannot write over each other. */
const keyOf = (bank_id: string, sha256: string): string => `banks/${bank_id}/${sha256}.json.gz`;

export interface EncodedBank {
  readonly bank_id: string;
  readonly text: string;
  readonly sha256: string;
}

/** An item as its text in the object: the schema gives its fields their order, so that equal items have equal text. */
export const encodeItem = (item: z.input<typeof publishedItem>): string =>
  JSON.stringify(publishedItem.parse(item));

/** The object of a version: the JSON of its {@link PublishedContent}, of which the items are encoded already. */
export function encodeBank(
  { bank_id, D }: Pick<PublishedContent, 'bank_id' | 'D'>,
  items: readonly string[],
): EncodedBank {
  const text = `{"bank_id":${JSON.stringify(bank_id)},"D":${D},"items":[${items.join(',')}]}`;
  return { bank_id, text, sha256: createHash('sha256').update(text).digest('hex') };
}

export async function writeBank(objects: Pick<ObjectStore, 'put'>, encoded: EncodedBank): Promise<void> {
  const { bank_id, text, sha256 } = encoded;
  await objects.put(keyOf(bank_id, sha256), await compressed(text), 'application/gzip');
}

/**
 * @param before is told how many bytes of JSON will be parsed, before they are
 * @throws when the object is not what was published
 */
export async function readBank(
  objects: Pick<ObjectReader, 'get'>,
  { bank_id, sha256 }: { readonly bank_id: string; readonly sha256: string },
  before: (bytes: number) => void = () => {},
): Promise<PublishedContent> {
  const text = await uncompressed(await objects.get(keyOf(bank_id, sha256)));
  if (createHash('sha256').update(text).digest('hex') !== sha256)
    throw new Error(`the object of bank ${bank_id} is not the one that was published`);
  before(text.length);
  return publishedItems.parse(JSON.parse(text.toString()));
}
