import { crc32 } from 'node:zlib';
import { type UnzipFileInfo, unzipSync } from 'fflate';
import type * as z from 'zod';
import { type ExerciseInput, exerciseInput } from '#shared/contracts/exercises.ts';
import {
  type ExerciseContent,
  ExerciseFolderError,
  parseExerciseFolder,
} from '#shared/domain/grading/exercise-folder.ts';
import { DomainError, type Issue, invalid } from '#shared/errors.ts';
import { parsePlainJson } from '#shared/http/body.ts';
import { zipChecksums } from './zip-checksums.ts';

/** An archive may hold a folder of an exercise and what desktops add to it. */
const most = { files: 200, bytes: 1_048_576 } as const;

const wrong = (file: string, msg: string, field?: string): DomainError =>
  invalid(
    [
      'body',
      'base64',
      ...(file === '' ? [] : [file]),
      ...(field === undefined || field === '' ? [] : [field]),
    ],
    file === '' ? msg : `${file}: ${msg}`,
    'exercise_folder',
  );

/**
 * The exercise in a zip of its folder. Nothing is unpacked to a disk, and no more than its contents may have.
 *
 * @throws 422 that names the file
 */
export function readZip(base64: string): ExerciseInput {
  const files = unpacked(new Uint8Array(Buffer.from(base64, 'base64')));
  for (const [path, text] of Object.entries(files)) if (path.endsWith('.json')) refuseOddJson(path, text);
  try {
    return checked(parseExerciseFolder(files));
  } catch (error) {
    if (error instanceof ExerciseFolderError)
      throw wrong(error.file, error.message.replace(`${error.file}: `, ''), error.field);
    throw error;
  }
}

/** Files that desktops leave in archives; nobody means them. */
const isHidden = (path: string): boolean =>
  path.split('/').some((part) => part.startsWith('.') || part === '__MACOSX') &&
  !path.split('/').includes('..');

function unpacked(zip: Uint8Array): Record<string, string> {
  let bytes = 0;
  const seen = new Set<string>();
  const wanted = ({ name, originalSize, compression }: UnzipFileInfo): boolean => {
    if (name.endsWith('/') && originalSize === 0) return false;
    refuseOddPath(name);
    if (seen.has(name)) throw wrong(name, 'is in the archive twice');
    if (seen.add(name).size > most.files) throw wrong('', `the archive has more than ${most.files} files`);
    if (isHidden(name)) return false;
    if (compression !== 0 && compression !== 8)
      throw wrong(name, 'is packed in a way other than deflate; make the archive without special options');
    bytes += originalSize;
    if (bytes > most.bytes) throw wrong(name, 'the unpacked files are larger than 1 MB');
    return true;
  };
  const packed = whole(zip, wanted);
  return withoutTop(
    Object.fromEntries(Object.entries(packed).map(([name, data]) => [name, textOf(name, data)])),
  );
}

/** The files as they were put in; a damaged one is named. */
function whole(zip: Uint8Array, wanted: (file: UnzipFileInfo) => boolean): Record<string, Uint8Array> {
  let current = '';
  const filter = (file: UnzipFileInfo): boolean => {
    current = file.name;
    return wanted(file);
  };
  try {
    const files = unzipSync(zip, { filter });
    current = '';
    const checksums = zipChecksums(zip);
    for (const [name, data] of Object.entries(files)) {
      current = name;
      if (crc32(data) !== checksums.get(name)) throw new Error('other bytes than were put in');
    }
    return files;
  } catch (error) {
    if (error instanceof DomainError) throw error;
    if (current === '') throw wrong('', 'is not a zip archive, or a damaged one');
    throw wrong(current, 'is damaged in this archive; make the archive again');
  }
}

function refuseOddPath(name: string): void {
  const parts = name.split('/');
  const odd =
    name === '' ||
    name.length > 200 ||
    /[\\\p{Cc}:]/u.test(name) ||
    parts.some((part) => part === '' || part === '.' || part === '..');
  if (odd)
    throw wrong(
      name.slice(0, 200).replaceAll(/\p{Cc}/gu, '?'),
      'is not the path of a file inside the folder',
    );
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(name: string, data: Uint8Array): string {
  let text: string;
  try {
    text = utf8.decode(data);
  } catch {
    throw wrong(name, 'is not text in UTF-8');
  }
  if (text.includes('\0')) throw wrong(name, 'must not contain NUL characters');
  return text;
}

/** An archive of a folder has the folder itself on top, or not. */
function withoutTop(files: Record<string, string>): Record<string, string> {
  const paths = Object.keys(files);
  if (paths.includes('exercise.json')) return files;
  const top = paths.find((path) => /^[^/]+\/exercise\.json$/.test(path))?.replace('exercise.json', '');
  if (top === undefined || !paths.every((path) => path.startsWith(top))) return files;
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path.slice(top.length), text]));
}

/** What no request's body may hold, no file may either. */
function refuseOddJson(path: string, text: string): void {
  try {
    parsePlainJson(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const [issue] = error instanceof DomainError ? (error.issues ?? []) : [];
    throw issue ? wrong(path, issue.msg) : error;
  }
}

/** A folder may say less strictly what the API's own schema asks of an exercise. */
function checked(content: ExerciseContent): ExerciseInput {
  const { slug: _slug, wrong: _wrong, tests, ...rest } = content;
  const parsed = exerciseInput.safeParse({
    ...rest,
    tests: tests.map(({ id: _id, ...test }) => test),
    practice: false,
  });
  if (parsed.success) return parsed.data;
  throw new DomainError('invalid', 'request.invalid', 'The folder is not an exercise.', {
    issues: parsed.error.issues.slice(0, 20).map(issueOf(content)),
  });
}

const issueOf =
  ({ language }: ExerciseContent) =>
  (issue: z.core.$ZodIssue): Issue => {
    const [field = '', ...inside] = issue.path.map(String);
    const file = fileOf(field, language);
    return {
      loc: ['body', 'base64', file, ...(file === field ? [] : [field]), ...inside],
      msg: `${file}: ${issue.message}`,
      type: issue.code,
    };
  };

const extension = { python: 'py', javascript: 'js', typescript: 'ts' } as const;

function fileOf(field: string, language: ExerciseContent['language']): string {
  if (field === 'tests') return 'tests.json';
  if (field === 'solution_code') return `solution.${extension[language]}`;
  if (field === 'starter_code') return `starter.${extension[language]}`;
  if (field === 'translations') return 'ko.md';
  return field === 'problem_description' || field === 'hints' ? 'en.md' : 'exercise.json';
}
