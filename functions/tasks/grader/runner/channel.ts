/**
 * Shared memory between the runner and one isolate: output and flags survive whatever becomes of the isolate, are
 * read while it runs, and give the isolate no function of ours to call.
 *
 * Sixteen Int32 words, then the bytes of stdout, then those of stderr. The scripts in `inside/` know the same layout.
 */
const word = {
  stdout: 0,
  stderr: 1,
  overflow: 2,
  tainted: 3,
  opened: 4,
  heap_limit: 5,
  seed: 6,
  heap_used: 7,
  output_limit: 8,
  exit: 9,
  heap_length: 10,
} as const;
const headerBytes = 64;

export type Stream = 'stdout' | 'stderr';
export const streams: readonly Stream[] = ['stdout', 'stderr'];

export class Channel {
  readonly shared: SharedArrayBuffer;
  readonly #header: Int32Array;
  readonly #bytes: Readonly<Record<Stream, Uint8Array>>;
  readonly #capacity: number;
  #read = { stdout: 0, stderr: 0 };
  #decoders = newDecoders();

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.shared = new SharedArrayBuffer(headerBytes + 2 * capacity);
    this.#header = new Int32Array(this.shared, 0, headerBytes / 4);
    this.#bytes = {
      stdout: new Uint8Array(this.shared, headerBytes, capacity),
      stderr: new Uint8Array(this.shared, headerBytes + capacity, capacity),
    };
  }

  /** Empties the output and sets what the next test is given. Taint stays: it belongs to the isolate. */
  reset(test: { readonly outputBytes: number; readonly heapBytes: number; readonly seed: number }): void {
    for (const at of [word.stdout, word.stderr, word.overflow, word.heap_used, word.exit]) this.#set(at, 0);
    this.#set(word.output_limit, Math.min(test.outputBytes, this.#capacity));
    this.#set(word.heap_limit, test.heapBytes);
    this.#set(word.seed, test.seed | 0);
    this.#read = { stdout: 0, stderr: 0 };
    this.#decoders = newDecoders();
  }

  /** Text of `stream` since the last call. `end` also gives what is left of a character cut short. */
  take(stream: Stream, end: boolean): string {
    // Whatever stands in the header, nothing outside the buffer is read.
    const length = Math.max(this.#read[stream], Math.min(this.#get(word[stream]), this.#capacity));
    const fresh = this.#bytes[stream].slice(this.#read[stream], length);
    this.#read[stream] = length;
    return this.#decoders[stream].decode(fresh, { stream: !end });
  }

  get overflowed(): boolean {
    return this.#get(word.overflow) !== 0;
  }
  /** Something outside linear memory may have changed: the isolate may run no other test. */
  get tainted(): boolean {
    return this.#get(word.tainted) !== 0 || this.#get(word.opened) !== 0;
  }
  get heapUsed(): number {
    return this.#get(word.heap_used);
  }
  /** Bytes that memory has grown to, 0 while it has not: growing is asked of nobody up to there. */
  get heapGrown(): number {
    return this.#get(word.heap_length);
  }
  /** The code a program gave to `process.exit`. */
  get exitCode(): number | undefined {
    const code = this.#get(word.exit);
    return code === 0 ? undefined : code - 1;
  }

  #get(at: number): number {
    return Atomics.load(this.#header, at);
  }
  #set(at: number, value: number): void {
    Atomics.store(this.#header, at, value);
  }
}

const newDecoders = (): Record<Stream, InstanceType<typeof TextDecoder>> => ({
  stdout: new TextDecoder(),
  stderr: new TextDecoder(),
});
