/** The index: which bucket and key is which blob, and the multipart uploads under way. */
import { join } from 'node:path';
import { openSqlite, type Sqlite } from '../aws/sqlite.ts';
import { s3Error } from './errors.ts';
import type { Target } from './target.ts';

export interface StoredObject {
  readonly blob: string;
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  readonly modifiedAt: number;
  /** Response headers: content-type, x-amz-meta-…, x-amz-checksum-…. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Listed {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly modifiedAt: number;
}

export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Part {
  readonly number: number;
  readonly blob: string;
  readonly size: number;
  readonly md5: string;
  readonly modifiedAt: number;
}

/** Keys are blobs: SQLite then compares their UTF-8 bytes, which is S3's order, and NUL is a byte like any other. */
const schema = `
CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, created_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS objects (
  bucket TEXT NOT NULL, key BLOB NOT NULL, blob TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
  modified_at INTEGER NOT NULL, headers TEXT NOT NULL, PRIMARY KEY (bucket, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uploads (
  id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key BLOB NOT NULL, headers TEXT NOT NULL, started_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS parts (
  upload TEXT NOT NULL, number INTEGER NOT NULL, blob TEXT NOT NULL, size INTEGER NOT NULL, md5 TEXT NOT NULL,
  modified_at INTEGER NOT NULL, PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID;`;

export type Index = ReturnType<typeof openIndex>;

export const indexFile = (folder: string): string => join(folder, 'index.sqlite');

export const openIndex = (folder: string) => {
  const db = openSqlite(indexFile(folder), schema, 'full');
  return { ...bucketsOf(db), ...objectsOf(db), ...uploadsOf(db), close: () => db.close() };
};

const bucketsOf = (db: Sqlite) => ({
  hasBucket: (name: string): boolean => db.get('SELECT 1 FROM buckets WHERE name = ?', name) !== undefined,
  listBuckets: () =>
    db.all<{ name: string; createdAt: number }>(
      'SELECT name, created_at AS createdAt FROM buckets ORDER BY name',
    ),
  createBucket: (name: string, now: number): void => {
    db.run('INSERT INTO buckets VALUES (?, ?) ON CONFLICT DO NOTHING', name, now);
  },
  deleteBucket: (name: string): void => {
    if (db.get('SELECT 1 FROM objects WHERE bucket = ? LIMIT 1', name) !== undefined) {
      throw s3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty', { BucketName: name });
    }
    db.run('DELETE FROM buckets WHERE name = ?', name);
  },
  blobIds: (): ReadonlySet<string> =>
    new Set(
      db
        .all<{ blob: string }>('SELECT blob FROM objects UNION SELECT blob FROM parts')
        .map(({ blob }) => blob),
    ),
});

const objectsOf = (db: Sqlite) => {
  const find = ({ bucket, key }: Target): StoredObject | undefined => {
    const row = db.get<Omit<StoredObject, 'headers'> & { headers: string }>(
      `SELECT blob, size, etag, modified_at AS modifiedAt, headers FROM objects WHERE bucket = ? AND key = ?`,
      bucket,
      Buffer.from(key),
    );
    return row && { ...row, headers: JSON.parse(row.headers) };
  };
  return {
    find,
    /** Puts the object in place unless `check` throws at what is there; the blob that nothing refers to now. */
    put: (
      target: Target,
      object: StoredObject,
      check: (existing: StoredObject | undefined) => void,
    ): string | undefined =>
      db.transaction(() => {
        const existing = find(target);
        check(existing);
        db.run(
          'INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?, ?)',
          target.bucket,
          Buffer.from(target.key),
          object.blob,
          object.size,
          object.etag,
          object.modifiedAt,
          JSON.stringify(object.headers),
        );
        return existing?.blob;
      }),
    remove: ({ bucket, key }: Target): string | undefined =>
      db.get<{ blob: string }>(
        'DELETE FROM objects WHERE bucket = ? AND key = ? RETURNING blob',
        bucket,
        Buffer.from(key),
      )?.blob,
    /** The first key at or after `from` (after it, if `exclusive`), in the order of UTF-8 bytes. */
    next: (bucket: string, from: Buffer, exclusive: boolean): Listed | undefined => {
      const row = db.get<Omit<Listed, 'key'> & { key: Uint8Array }>(
        `SELECT key, size, etag, modified_at AS modifiedAt FROM objects
         WHERE bucket = ? AND key ${exclusive ? '>' : '>='} ? ORDER BY key LIMIT 1`,
        bucket,
        from,
      );
      return row && { ...row, key: Buffer.from(row.key).toString() };
    },
  };
};

const uploadsOf = (db: Sqlite) => ({
  startUpload: ({ id, bucket, key, headers }: Upload, now: number): void => {
    db.run(
      'INSERT INTO uploads VALUES (?, ?, ?, ?, ?)',
      id,
      bucket,
      Buffer.from(key),
      JSON.stringify(headers),
      now,
    );
  },
  findUpload: (id: string, { bucket, key }: Target): Upload => {
    const row = db.get<{ headers: string }>(
      'SELECT headers FROM uploads WHERE id = ? AND bucket = ? AND key = ?',
      id,
      bucket,
      Buffer.from(key),
    );
    if (row === undefined) {
      throw s3Error(
        'NoSuchUpload',
        'The specified multipart upload does not exist. It may have been completed or aborted.',
      );
    }
    return { id, bucket, key, headers: JSON.parse(row.headers) };
  },
  parts: (upload: string): Part[] =>
    db.all<Part>(
      'SELECT number, blob, size, md5, modified_at AS modifiedAt FROM parts WHERE upload = ? ORDER BY number',
      upload,
    ),
  putPart: (upload: string, part: Part): string | undefined =>
    db.transaction(() => {
      const replaced = db.get<{ blob: string }>(
        'SELECT blob FROM parts WHERE upload = ? AND number = ?',
        upload,
        part.number,
      );
      const { number, blob, size, md5, modifiedAt } = part;
      db.run(
        'INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?, ?)',
        upload,
        number,
        blob,
        size,
        md5,
        modifiedAt,
      );
      return replaced?.blob;
    }),
  /** Forgets upload and parts; the parts' blobs. */
  endUpload: (upload: string): string[] =>
    db.transaction(() => {
      db.run('DELETE FROM uploads WHERE id = ?', upload);
      return db
        .all<{ blob: string }>('DELETE FROM parts WHERE upload = ? RETURNING blob', upload)
        .map(({ blob }) => blob);
    }),
});
