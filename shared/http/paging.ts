import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Page } from '../contracts/shapes.ts';
import { DomainError } from '../errors.ts';

/** Text that a key may hold; a cursor comes from outside, whatever it is bound to. */
const keyText = z
  .string()
  .min(1)
  .max(512)
  .refine((text) => text.isWellFormed());

const cursorShape = z.strictObject({
  /** Where the next page starts: index keys, or an offset in a list that is held whole. */
  k: z.record(z.string().max(16), z.union([keyText, z.int().min(0)])),
  /** Number of the page that this cursor opens. */
  p: z.int().min(2).max(1_000_000),
  /** What the cursor belongs to. */
  b: z.string().length(16),
});

/** What a cursor is bound to: the operation's own filters and the caller. */
export interface Listing {
  readonly caller: { readonly user_id: string };
  /** Query without `limit` and `cursor`, and whatever else decides what is listed. */
  readonly filters: Readonly<Record<string, unknown>>;
  readonly query: { readonly limit: number; readonly cursor?: string | undefined };
}

type StartKey = Record<string, unknown>;

const binding = ({ caller, filters }: Listing): string => {
  const known = Object.entries(filters).filter(
    ([key, value]) => value !== undefined && key !== 'limit' && key !== 'cursor',
  );
  const text = JSON.stringify([caller.user_id, known.sort(([a], [b]) => (a < b ? -1 : 1))]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
};

const wrongCursor = (): DomainError =>
  new DomainError('invalid', 'request.invalid', 'The cursor does not belong to this list.', {
    issues: [
      {
        loc: ['query', 'cursor'],
        msg: 'this cursor belongs to another query or another user; start again without it',
        type: 'cursor',
      },
    ],
  });

/** Where to start reading, and which page that is. */
export function openCursor(listing: Listing): {
  readonly start: StartKey | undefined;
  readonly page: number;
} {
  const { cursor } = listing.query;
  if (cursor === undefined) return { start: undefined, page: 1 };
  const parsed = cursorShape.safeParse(decode(cursor));
  if (!parsed.success || parsed.data.b !== binding(listing)) throw wrongCursor();
  return { start: parsed.data.k, page: parsed.data.p };
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** The list envelope of one page. */
export function envelope<T>(
  listing: Listing,
  found: { readonly items: T[]; readonly next: StartKey | undefined; readonly page: number },
  total: number | null = null,
): Page<T> {
  const cursor = found.next && { k: found.next, p: found.page + 1, b: binding(listing) };
  return {
    items: found.items,
    total,
    page: found.page,
    per_page: listing.query.limit,
    has_next: cursor !== undefined,
    has_prev: found.page > 1,
    next_cursor: cursor ? Buffer.from(JSON.stringify(cursor)).toString('base64url') : null,
  };
}

/** A function's reply has 6 MB at most, headers and what views add to records included. */
const mostPageBytes = 4.5 * 1_048_576;

/** Of an item in a reply, which is JSON text within JSON: each of its quote marks takes two bytes. */
const bytesOf = (item: unknown): number => Buffer.byteLength(JSON.stringify(JSON.stringify(item)));

/** The items of one page, which ends where its number or its bytes do. At least one has room. */
class PageItems<T> {
  readonly items: T[] = [];
  readonly #limit: number;
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @returns whether there was room for it */
  add(item: T): boolean {
    this.#bytes += bytesOf(item);
    const fits = this.items.length < this.#limit && this.#bytes <= mostPageBytes;
    if (!fits && this.items.length > 0) return false;
    this.items.push(item);
    return true;
  }
}

/**
 * Pages through a source that reads one item more than `limit` from `start`; items that `keep` refuses are skipped over, at
 * most `maxReads` reads a page, so that one request stays bounded however rare the matches are. A page of large items
 * ends before its limit.
 */
export async function paginate<T>(
  listing: Listing,
  read: (start: StartKey | undefined, limit: number) => Promise<{ items: T[]; next: StartKey | undefined }>,
  options: {
    readonly keep?: (item: T) => boolean;
    /** The start key just after an item, for a page that ends in the middle of a read. */
    readonly keyOf: (item: T) => StartKey;
    readonly total?: number | null;
  },
): Promise<Page<T>> {
  const { limit } = listing.query;
  const { keep = () => true, keyOf } = options;
  const opened = openCursor(listing);
  const shown = new PageItems<T>(limit);
  const { items } = shown;
  let next = opened.start;
  for (let reads = 0; reads < maxReads; reads++) {
    const found = await read(next, limit + 1);
    const isFull = found.items.some((item) => keep(item) && !shown.add(item));
    const last = items.at(-1);
    // there is more than has room: the page ends at the last item shown
    next = isFull && last !== undefined ? keyOf(last) : found.next;
    if (isFull || !next) break;
  }
  return envelope(listing, { items, next, page: opened.page }, options.total ?? null);
}
const maxReads = 20;

/** A page of a list that is held whole. */
export function pageOf<T>(listing: Listing, all: readonly T[]): Page<T> {
  const { start, page } = openCursor(listing);
  const from = z
    .int()
    .min(0)
    .safeParse(start?.['offset'] ?? 0);
  if (!from.success) throw wrongCursor();
  const shown = new PageItems<T>(listing.query.limit);
  const isFull = all.slice(from.data).some((item) => !shown.add(item));
  const { items } = shown;
  return envelope(
    listing,
    { items, next: isFull ? { offset: from.data + items.length } : undefined, page },
    all.length,
  );
}
