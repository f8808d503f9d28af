import { Worker } from 'node:worker_threads';
import type { Language } from '#shared/domain/grading/types.ts';
import { type Findings, type Program, tooComplex, type Word } from './parser/findings.ts';

/** Of reading one program: the slowest honest one of 65,536 characters takes half of it. */
const deadlineMs = 900;
/** A machine that cannot load a parser in this time has other troubles. */
const loadingMs = 20_000;

/**
 * Stack for programs that nest as deeply as 65,536 characters can: CPython's own converter of trees overflows the
 * 4 MB that a thread has by default at about 10,000 levels. Pages that nobody touches cost nothing.
 */
const resourceLimits = { stackSizeMb: 64, maxOldGenerationSizeMb: 256 };

export interface Parsers {
  /** Never throws on account of the program: one that no parser gets through is reported as too complex. */
  read(program: Program): Promise<Findings>;
  close(): Promise<void>;
}

/**
 * Parsers in threads of their own, so that a program that takes for ever or breaks a parser costs that thread and
 * nothing else; the next program gets a new one. A thread has nothing of the environment, and nothing in it is
 * ever run that a program says.
 */
export function createParsers(assets: URL, limits: { readonly deadlineMs?: number } = {}): Parsers {
  const open = () => createThread(assets, limits.deadlineMs ?? deadlineMs);
  const python = open();
  const script = open();
  const threadOf: Readonly<Record<Language, Thread>> = { python, javascript: script, typescript: script };
  return {
    read: (program) => threadOf[program.language].read(program),
    close: async () => {
      await Promise.all([python.close(), script.close()]);
    },
  };
}

interface Thread {
  read(program: Program): Promise<Findings>;
  close(): Promise<void>;
}

/** One thread at a time, which reads one program at a time. */
function createThread(assets: URL, deadline: number): Thread {
  let worker: Worker | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const start = (): Worker => {
    const started = new Worker(new URL('parser.mjs', assets), {
      workerData: { assets: assets.href },
      env: {},
      resourceLimits,
      // what a broken WebAssembly module says of itself helps nobody: kept from the log, and never read
      stdout: true,
      stderr: true,
    });
    // a thread may fail when nobody asks it anything any more
    started.on('error', () => undefined);
    return started;
  };

  const end = async (): Promise<void> => {
    const ended = worker;
    worker = undefined;
    await ended?.terminate();
  };

  const read = async (program: Program): Promise<Findings> => {
    worker ??= start();
    const answer = await ask(worker, program, deadline);
    if (answer.kind === 'read') return answer.findings;
    // not awaited: a thread that spins dies when it dies, and the reply does not depend on it
    void end();
    if (answer.kind === 'unloaded') throw new Error('a parser could not be loaded', { cause: answer.cause });
    return tooComplex;
  };

  return {
    read: (program) => {
      const findings = turn.then(() => read(program));
      turn = findings.catch(() => undefined);
      return findings;
    },
    close: end,
  };
}

type Answer =
  | { readonly kind: 'read'; readonly findings: Findings }
  /** The thread is of no more use, on account of the program. */
  | { readonly kind: 'lost' }
  /** The thread is of no use, and had not begun to read. */
  | { readonly kind: 'unloaded'; readonly cause: unknown };

/** One program to a thread, and what comes of it: an answer, silence or death. */
function ask(worker: Worker, program: Program, deadline: number): Promise<Answer> {
  return new Promise((resolve) => {
    let reading = false;
    let timer: NodeJS.Timeout | undefined;
    const failed = (cause: unknown): Answer => (reading ? { kind: 'lost' } : { kind: 'unloaded', cause });
    const wait = (milliseconds: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => finish(failed(`nothing within ${milliseconds} ms`)), milliseconds);
    };
    const onWord = (word: Word) => {
      if (word.kind === 'reading') {
        reading = true;
        wait(deadline);
      } else finish(word.kind === 'read' ? word : { kind: 'lost' });
    };
    const onError = (cause: unknown) => finish(failed(cause));
    const finish = (answer: Answer) => {
      clearTimeout(timer);
      worker.off('message', onWord).off('error', onError).off('exit', onError);
      // an idle thread keeps no process alive
      worker.unref();
      resolve(answer);
    };
    worker.ref();
    worker.on('message', onWord).on('error', onError).on('exit', onError);
    wait(loadingMs);
    worker.postMessage(program);
  });
}
