import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type * as z from 'zod';
import type { ObjectReader, ObjectStore } from '../aws/objects.ts';
import { publishedItems } from '../contracts/item-shapes.ts';

/** What a published version holds. */
export type PublishedContent = z.output<typeof publishedItems>;

const compressed = promisify(gzip);
const uncompressed = promisify(gunzip);

/** Named by its content: two who publish at once cannot write over each other. */
const keyOf = (bank_id: string, sha256: string): string => `banks/${bank_id}/${sha256}.json.gz`;

export interface EncodedBank {
  readonly bank_id: string;
  readonly text: string;
  readonly sha256: string;
}

/** The object of a version: the schema gives its fields their order, so that equal content has equal text. */
export function encodeBank(content: PublishedContent): EncodedBank {
  const text = JSON.stringify(publishedItems.parse(content));
  return { bank_id: content.bank_id, text, sha256: createHash('sha256').update(text).digest('hex') };
}

export async function writeBank(objects: Pick<ObjectStore, 'put'>, encoded: EncodedBank): Promise<void> {
  const { bank_id, text, sha256 } = encoded;
  await objects.put(keyOf(bank_id, sha256), await compressed(text), 'application/gzip');
}

/** @throws when the object is not what was published */
export async function readBank(
  objects: Pick<ObjectReader, 'get'>,
  { bank_id, sha256 }: { readonly bank_id: string; readonly sha256: string },
): Promise<{ readonly content: PublishedContent; readonly bytes: number }> {
  const text = await uncompressed(await objects.get(keyOf(bank_id, sha256)));
  if (createHash('sha256').update(text).digest('hex') !== sha256)
    throw new Error(`the object of bank ${bank_id} is not the one that was published`);
  return { content: publishedItems.parse(JSON.parse(text.toString())), bytes: text.length };
}
