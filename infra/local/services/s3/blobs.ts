/** Immutable files named by random ids: written aside, synced, then renamed into place. */
import { randomUUID } from 'node:crypto';
import { createReadStream, openSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

export interface Blobs {
  /** Stores the chunks and returns the new blob's id; leaves nothing behind if they fail. */
  write(chunks: AsyncIterable<Buffer>): Promise<string>;
  /** Bytes `start` to `end`, both included. */
  read(id: string, range?: { start: number; end: number }): Readable;
  /** Readers that have the blob open keep their content. */
  remove(ids: readonly string[]): Promise<void>;
  /** Removes what a crash left: unfinished writes and blobs that `known` does not list. */
  sweep(known: ReadonlySet<string>): Promise<void>;
}

export const openBlobs = async (folder: string): Promise<Blobs> => {
  const blobs = join(folder, 'blobs');
  const unfinished = join(folder, 'unfinished');
  await Promise.all([blobs, unfinished].map((path) => mkdir(path, { recursive: true })));

  return {
    write: async (chunks) => {
      const id = randomUUID();
      const draft = join(unfinished, id);
      try {
        const file = await open(draft, 'wx', 0o600);
        try {
          for await (const chunk of chunks) await file.appendFile(chunk);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(draft, join(blobs, id));
        await syncFolder(blobs);
        return id;
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    // Opened now, in the same turn as the look-up: a replacement right after it cannot take the file away.
    read: (id, range) => createReadStream('', { ...range, fd: openSync(join(blobs, id), 'r') }),
    remove: async (ids) => {
      await Promise.all(ids.map((id) => rm(join(blobs, id), { force: true })));
    },
    sweep: async (known) => {
      const [stored, drafts] = await Promise.all([readdir(blobs), readdir(unfinished)]);
      const orphans = stored.filter((id) => !known.has(id));
      await Promise.all(orphans.map((id) => rm(join(blobs, id), { force: true })));
      await Promise.all(drafts.map((id) => rm(join(unfinished, id), { force: true })));
    },
  };
};

/** A rename survives a power cut only once its folder is synced. */
const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};
