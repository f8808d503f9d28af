import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import * as z from 'zod';
import { type ExportedFrom, exerciseInput, exportedFrom } from '#shared/contracts/exercises.ts';
import { receipt } from '#shared/contracts/submissions.ts';
import { canonicalJson } from '#shared/domain/grading/canonical-json.ts';
import { exportFile, parseExerciseFolder } from '#shared/domain/grading/exercise-folder.ts';
import type { Language, Limits, Test } from '#shared/domain/grading/types.ts';
import type { ReceiptPayload } from '#shared/identity/receipts.ts';
import { Failure, messageOf } from '../failure.ts';

/** What of an exercise decides a grade. */
export interface GradedExercise {
  readonly language: Language;
  readonly limits: Partial<Limits> | null;
  readonly tests: readonly Test[];
  /** Absent when it is from elsewhere than an export. */
  readonly exported?: ExportedFrom | undefined;
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${messageOf(error)}`);
  }
}

function parsedJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(`${what} is not JSON.`);
  }
}

const receiptFile = z.object({ jws: z.string(), payload: z.unknown().optional() });

/** A receipt as the API gives it, or the bare signature. */
export async function readReceipt(path: string): Promise<z.output<typeof receiptFile>> {
  const text = (await read(path)).toString('utf8').trim();
  if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)) return { jws: text };
  const parsed = receiptFile.safeParse(parsedJson(text, path));
  if (!parsed.success) throw new Failure(`${path} is not a receipt: it has no field "jws".`);
  return parsed.data;
}

/** Whether what is written beside the signature is what was signed. */
export const saysTheSame = (written: unknown, signed: ReceiptPayload): boolean => {
  const parsed = receipt.shape.payload.safeParse(written);
  return parsed.success && canonicalJson(parsed.data) === canonicalJson(signed);
};

/** A key set from a URL or a file. */
export async function readKeys(from: string): Promise<unknown> {
  if (!/^https?:\/\//.test(from)) return parsedJson((await read(from)).toString('utf8'), from);
  const reply = await fetch(from).catch((error: unknown) => {
    throw new Failure(
      `${from} cannot be reached: ${messageOf(error)}. Is it running? --keys names another place.`,
    );
  });
  if (!reply.ok) throw new Failure(`${from} answers ${reply.status}.`);
  return parsedJson(await reply.text(), from);
}

export const readCode = async (path: string): Promise<string> => (await read(path)).toString('utf8');

const isZip = (bytes: Buffer): boolean => bytes.subarray(0, 2).toString('latin1') === 'PK';

/** An exercise as the export makes it: JSON, or a zip of its folder. */
export async function readExercise(path: string): Promise<GradedExercise> {
  const bytes = await read(path);
  try {
    return isZip(bytes) ? fromZip(bytes) : fromJson(bytes.toString('utf8'), path);
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(`${path} is no exercise: ${messageOf(error)}`);
  }
}

function fromZip(bytes: Buffer): GradedExercise {
  const files = Object.entries(unzipSync(new Uint8Array(bytes)));
  const texts = files.filter(([path]) => !path.endsWith('/'));
  const marker = texts.find(([path]) => path.endsWith('exercise.json'))?.[0] ?? 'exercise.json';
  const folder = marker.slice(0, -'exercise.json'.length);
  const inside = Object.fromEntries(
    texts.map(([path, text]) => [path.slice(folder.length), Buffer.from(text).toString('utf8')]),
  );
  return { ...parseExerciseFolder(inside), exported: exportedIn(inside[exportFile]) };
}

function exportedIn(text: string | undefined): ExportedFrom | undefined {
  if (text === undefined) return undefined;
  const parsed = exportedFrom.safeParse(parsedJson(text, exportFile));
  if (parsed.success) return parsed.data;
  throw new Failure(`${exportFile} is not as an export makes it:\n${z.prettifyError(parsed.error)}`);
}

function fromJson(text: string, path: string): GradedExercise {
  const parsed = exerciseInput.safeParse(parsedJson(text, path));
  if (!parsed.success) throw new Failure(`${path} is no exercise:\n${z.prettifyError(parsed.error)}`);
  const { language, limits, tests, exported } = parsed.data;
  return {
    language,
    limits,
    exported,
    tests: tests.map((test, index) => ({ ...test, id: `t${index + 1}` })),
  };
}
