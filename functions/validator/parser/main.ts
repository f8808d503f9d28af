import { parentPort, workerData } from 'node:worker_threads';
import type { Findings, Program, Word } from './findings.ts';
import { openPython } from './python.ts';
import { readScript } from './script.ts';
import { openTypeScript } from './typescript.ts';

/**
 * A thread that parses programs for the handler, which ends it when it takes too long. Parsers are loaded for the
 * first program of their language.
 */
type Read = (program: Program) => Findings;

// only parsers.ts starts this thread
const assets = new URL((workerData as { assets: string }).assets);
const say = (word: Word): void => parentPort?.postMessage(word);

const open: Readonly<Record<Program['language'], () => Promise<Read> | Read>> = {
  python: () => openPython(assets),
  javascript: () => (program) => readScript(program.code, program.forbidden),
  typescript: () => openTypeScript(assets),
};
const opened = new Map<Program['language'], Promise<Read>>();

function reader(language: Program['language']): Promise<Read> {
  const known = opened.get(language) ?? Promise.resolve(open[language]());
  opened.set(language, known);
  return known;
}

async function answer(program: Program): Promise<void> {
  const read = await reader(program.language);
  say({ kind: 'reading' });
  try {
    say({ kind: 'read', findings: read(program) });
  } catch {
    // WebAssembly that overflowed its stack is left in any state
    say({ kind: 'broken' });
  }
}

// a parser that cannot be loaded ends the thread, which tells the handler
parentPort?.on('message', (program: Program) => void answer(program));
