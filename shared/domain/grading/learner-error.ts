import type { LearnerError } from './types.ts';

const mostMessageBytes = 4_096;
const mostTypeCharacters = 100;

const esc = String.fromCharCode(0x1b);
const bell = String.fromCharCode(0x07);
const csi = String.fromCharCode(0x9b);
/** ECMA-48: a control sequence, an operating system command, any other escape. */
const escapes = new RegExp(
  `(?:${esc}\\[|${csi})[0-?]*[ -/]*[@-~]|${esc}\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)?|${esc}[ -/]*[0-~]?`,
  'g',
);
/** All controls (general category Cc) but tab and line feed. */
const controls = /(?![\t\n])\p{Cc}/gu;

/** Text without terminal escapes and control characters; tabs and line feeds stay. */
export function stripControls(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(escapes, '').replace(controls, '');
}

/** An error as it may be kept and shown: no terminal escapes, at most 4 KB. */
export function cleanError({ type, message, line, column }: LearnerError): LearnerError {
  return {
    type: stripControls(type.toWellFormed()).slice(0, mostTypeCharacters),
    message: cutToBytes(stripControls(message.toWellFormed()).trimEnd(), mostMessageBytes),
    line,
    column,
  };
}

/** The start of `text` whose UTF-8 takes at most `bytes`; no character is split. */
export function cutToBytes(text: string, bytes: number): string {
  const encoded = new TextEncoder().encode(text);
  if (encoded.length <= bytes) return text;
  let end = bytes;
  while (end > 0 && ((encoded[end] ?? 0) & 0xc0) === 0x80) end--;
  return new TextDecoder().decode(encoded.subarray(0, end));
}
