import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { codeOf, Failure } from './failure.ts';

/** The layout of the folder; a later one that cannot read this must say so. */
const format = 1;

/** Another process holds the folder's lock. */
export class FolderInUse extends Failure {}

const markerSchema = z.object({ format: z.int(), school: z.string(), created_at: z.string() });

export interface DataFolder {
  readonly path: string;
  /** Nothing has ever been started in it. */
  readonly isNew: boolean;
  at(...names: string[]): string;
  /** Opens one of the folder's files; any error means that it is damaged. */
  opened<T>(name: string, open: (path: string) => T | Promise<T>): Promise<T>;
  /** Says that the first start has succeeded. */
  complete(): void;
  close(): void;
}

export interface DataFolderOptions {
  readonly path: string;
  readonly school: string;
  /** Moves an existing folder aside, to `<path>.<time>`. */
  readonly fresh: boolean;
}

/** The school whose data lies in a folder; undefined when none does. */
export function schoolIn(given: string): string | undefined {
  const path = resolve(given);
  const marker = join(path, 'lyceum.json');
  return existsSync(marker) ? readMarker(path, marker).school : undefined;
}

/** Opens the folder with everything that a school keeps, for this run alone. */
export function openDataFolder({
  path: given,
  school,
  fresh,
}: DataFolderOptions): DataFolder & { readonly movedTo: string | undefined } {
  const path = resolve(given);
  const marker = join(path, 'lyceum.json');
  create(path);
  if (!existsSync(marker) && !isEmpty(path)) {
    throw new Failure(`${path} holds other files. Choose an empty or a new folder with --data.`);
  }
  const movedTo = fresh && existsSync(marker) ? moveAside(path) : undefined;
  create(path);
  const known = existsSync(marker) ? readMarker(path, marker, school) : undefined;
  const lock = takeLock(path);
  rmSync(join(path, 'run.json'), { force: true }); // of a run that was killed
  return {
    path,
    movedTo,
    isNew: known === undefined,
    at: (...names) => join(path, ...names),
    opened: async (name, open) => {
      try {
        return await open(join(path, name));
      } catch {
        throw damaged(path, name);
      }
    },
    complete: () => {
      if (known !== undefined) return;
      const content = { format, school, created_at: new Date().toISOString() };
      writeFileSync(marker, `${JSON.stringify(content, null, 2)}\n`);
    },
    close: () => lock.close(),
  };
}

function moveAside(path: string): string {
  takeLock(path).close();
  const target = `${path}.${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`;
  renameSync(path, target);
  return target;
}

function create(path: string): void {
  try {
    makeFolder(path);
    if (!statSync(path).isDirectory())
      throw new Failure(`${path} is not a folder. Choose another with --data.`);
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      `${path} cannot be written (${codeOf(error) ?? 'unknown error'}). Choose another folder with --data.`,
    );
  }
}

/** `mkdir` of Node with `recursive` never returns below /proc, where a folder can be neither made nor found. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

/** The sentence for a file that cannot be read any more. */
export const damaged = (path: string, name: string): Failure =>
  new Failure(
    `${path} is damaged: ${name} is not readable. Restore it from a copy, or start anew with --fresh.`,
  );

/** Files that a start leaves before its first success: such a folder is still new. */
const ownFiles = /^(lock|run|logs|tmp|state|dynamodb|s3|sqs|secrets|assembly)/;

const isEmpty = (path: string): boolean => readdirSync(path).every((name) => ownFiles.test(name));

function readMarker(path: string, marker: string, school?: string): z.output<typeof markerSchema> {
  const parsed = markerSchema.safeParse(parseJson(readFileSync(marker, 'utf8')));
  if (!parsed.success) {
    throw damaged(path, 'lyceum.json');
  }
  if (parsed.data.format !== format) {
    throw new Failure(
      `${path} was written by another version of Lyceum (format ${parsed.data.format}, this one reads ${format}).`,
    );
  }
  if (school !== undefined && parsed.data.school !== school) {
    throw new Failure(
      `${path} belongs to the school "${parsed.data.school}". Choose another folder for "${school}" with --data.`,
    );
  }
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The lock is an open transaction of SQLite: the kernel frees it when the process ends, however it ends, so that no
 * stale lock is ever left behind.
 */
function takeLock(path: string): DatabaseSync {
  const database = openLock(path);
  try {
    database.exec('PRAGMA busy_timeout = 1500; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    if (error instanceof Error && /locked|busy/.test(error.message)) {
      throw new FolderInUse(
        `${path} is in use by another run of Lyceum. Stop that one, or choose another folder with --data.`,
      );
    }
    throw new Failure(
      `${path} is damaged: the file "lock" is not readable. Delete that file, it holds no data.`,
    );
  }
}

function openLock(path: string): DatabaseSync {
  try {
    return new DatabaseSync(join(path, 'lock'));
  } catch {
    throw new Failure(`${path} cannot be written. Choose another folder with --data.`);
  }
}
