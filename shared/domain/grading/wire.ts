import type { Json, Language, LearnerError, RawResult, TestInput } from './types.ts';

/**
 * What supervisor and runner say to each other: JSON behind its length. The runner may have fallen to a learner's
 * program, so that whatever comes from it is read here field by field.
 */
export interface Job {
  readonly language: Language;
  readonly code: string;
  readonly tests: readonly TestInput[];
}

/** One test as the runner reports it. What was printed has come before, in `output` messages. */
export type TestReport = Pick<RawResult, 'outcome' | 'cpu_ms' | 'memory_kb'> & {
  readonly value?: Json;
  readonly error?: LearnerError;
};

export type RunnerMessage =
  | { readonly type: 'ready' }
  /** The runner's main thread lives, and this is the memory of its process. */
  | { readonly type: 'beat'; readonly rss_mb: number }
  | { readonly type: 'start'; readonly test: number }
  | {
      readonly type: 'output';
      readonly test: number;
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
    }
  | { readonly type: 'result'; readonly test: number; readonly report: TestReport }
  /** `recycle`: the process may be damaged and must not take another job. */
  | { readonly type: 'done'; readonly recycle: boolean };

/** More than this in one message is no message of ours. */
export const mostFrameBytes = 8 * 2 ** 20;
const lengthBytes = 4;

export function encodeFrame(message: Job | RunnerMessage): Uint8Array {
  const body = new TextEncoder().encode(JSON.stringify(message));
  const frame = new Uint8Array(lengthBytes + body.length);
  new DataView(frame.buffer).setUint32(0, body.length);
  frame.set(body, lengthBytes);
  return frame;
}

/** Puts together what a pipe delivers in pieces. */
export class FrameReader {
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  /** The complete messages. @throws RangeError for a message that is too long, SyntaxError for one that is not JSON. */
  push(piece: Uint8Array): unknown[] {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    const messages: unknown[] = [];
    for (;;) {
      const length = this.#peekLength();
      if (length === undefined || this.#bytes < lengthBytes + length) return messages;
      const all = this.#join();
      messages.push(JSON.parse(new TextDecoder().decode(all.subarray(lengthBytes, lengthBytes + length))));
      this.#pieces = [all.subarray(lengthBytes + length)];
      this.#bytes -= lengthBytes + length;
    }
  }

  #peekLength(): number | undefined {
    if (this.#bytes < lengthBytes) return undefined;
    if ((this.#pieces[0]?.length ?? 0) < lengthBytes) this.#join();
    const [first] = this.#pieces;
    if (first === undefined) return undefined;
    const length = new DataView(first.buffer, first.byteOffset, lengthBytes).getUint32(0);
    if (length > mostFrameBytes) throw new RangeError(`a message of ${length} bytes`);
    return length;
  }

  #join(): Uint8Array {
    const [only] = this.#pieces;
    if (only !== undefined && this.#pieces.length === 1) return only;
    const all = new Uint8Array(this.#bytes);
    let at = 0;
    for (const piece of this.#pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [all];
    return all;
  }
}

/** A message of a runner, or undefined when it is none. */
export function readRunnerMessage(value: unknown): RunnerMessage | undefined {
  if (!isRecord(value)) return undefined;
  const { type, test } = value;
  if (type === 'ready') return { type };
  if (type === 'beat') return { type, rss_mb: isAmount(value['rss_mb']) ? value['rss_mb'] : 0 };
  if (type === 'done') return { type, recycle: value['recycle'] !== false };
  if (!isCount(test)) return undefined;
  if (type === 'start') return { type, test };
  if (type === 'output') return readOutput(test, value);
  if (type !== 'result') return undefined;
  const report = readReport(value['report']);
  return report && { type, test, report };
}

function readOutput(test: number, { stream, text }: Record<string, unknown>): RunnerMessage | undefined {
  if ((stream !== 'stdout' && stream !== 'stderr') || typeof text !== 'string') return undefined;
  return { type: 'output', test, stream, text };
}

const outcomes: readonly RawResult['outcome'][] = [
  'ok',
  'time_limit',
  'memory_limit',
  'output_limit',
  'runtime_error',
  'compile_error',
];

/** What became of a test, from JSON; undefined when it is something else. */
export function readReport(value: unknown): TestReport | undefined {
  if (!isRecord(value)) return undefined;
  const outcome = outcomes.find((known) => known === value['outcome']);
  if (outcome === undefined) return undefined;
  const error = readError(value['error']);
  const amount = (key: string) => (isAmount(value[key]) ? value[key] : 0);
  return {
    outcome,
    cpu_ms: amount('cpu_ms'),
    memory_kb: amount('memory_kb'),
    ...(value['value'] === undefined ? {} : { value: value['value'] as Json }),
    ...(error === undefined ? {} : { error }),
  };
}

function readError(value: unknown): LearnerError | undefined {
  if (!isRecord(value)) return undefined;
  const { type, message } = value;
  if (typeof type !== 'string' || typeof message !== 'string') return undefined;
  const place = (key: string) => (isCount(value[key]) ? value[key] : null);
  return { type, message, line: place('line'), column: place('column') };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
