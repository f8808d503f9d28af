/**
 * Decodes `Content-Encoding: aws-chunked`: `<hex size>[;chunk-signature=…]\r\n<data>\r\n` …, a chunk of size
 * 0, then trailing headers such as `x-amz-checksum-crc32:…` and an empty line.
 * Source: "Signature calculations: transferring payload in multiple chunks" in the S3 API reference. Chunk
 * signatures are not verified: the peer is this machine, and the checksums guard the content.
 */
import { s3Error } from './errors.ts';

export interface Decoded {
  readonly chunks: AsyncIterable<Buffer>;
  /** Complete once `chunks` has ended. */
  readonly trailers: ReadonlyMap<string, string>;
}

const longestLine_bytes = 8_192;

export const decodeChunked = (source: AsyncIterable<Buffer>): Decoded => {
  const trailers = new Map<string, string>();
  return { chunks: readChunks(source, trailers), trailers };
};

async function* readChunks(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const input = reader(source);
  for (;;) {
    const size = chunkSize(await input.line());
    if (size === 0) break;
    yield* input.exactly(size);
    if ((await input.line()) !== '') throw malformed('A chunk is longer than it says.');
  }
  for (let line = await input.lastLine(); line !== ''; line = await input.lastLine()) {
    const colon = line.indexOf(':');
    if (colon < 1) throw malformed('A trailing header is malformed.');
    trailers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
}

const chunkSize = (line: string): number => {
  const [, hex] = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(line) ?? [];
  if (hex === undefined) throw malformed('A chunk has no size.');
  return Number.parseInt(hex, 16);
};

const reader = (source: AsyncIterable<Buffer>) => {
  const iterator = source[Symbol.asyncIterator]();
  let buffered: Buffer = Buffer.alloc(0);
  /** Appends the next piece of the body; false at its end. */
  const fill = async (): Promise<boolean> => {
    const { done, value } = await iterator.next();
    if (done === true) return false;
    buffered = buffered.length === 0 ? value : Buffer.concat([buffered, value]);
    return true;
  };
  const lineOrEnd = async (): Promise<string | undefined> => {
    for (;;) {
      const end = buffered.indexOf('\r\n');
      if (end >= 0) {
        const text = buffered.toString('latin1', 0, end);
        buffered = buffered.subarray(end + 2);
        return text;
      }
      if (buffered.length > longestLine_bytes) throw malformed('A chunk header is too long.');
      if (!(await fill())) return undefined;
    }
  };
  return {
    line: async (): Promise<string> => {
      const text = await lineOrEnd();
      if (text === undefined) throw s3Error('IncompleteBody', 'The body ended before its last chunk.');
      return text;
    },
    /** After the last chunk some clients leave the empty line out. */
    lastLine: async (): Promise<string> => (await lineOrEnd()) ?? '',
    async *exactly(size: number): AsyncGenerator<Buffer> {
      for (let left = size; left > 0; ) {
        if (buffered.length === 0 && !(await fill())) {
          throw s3Error('IncompleteBody', 'The body ended within a chunk.');
        }
        const piece = buffered.subarray(0, left);
        buffered = buffered.subarray(piece.length);
        left -= piece.length;
        yield piece;
      }
    },
  };
};

const malformed = (message: string) => s3Error('InvalidChunkSizeError', message);
