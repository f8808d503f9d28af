/** Stores a request's body as a blob while its length, digests and checksums are verified. */
import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { AwsCall } from '../aws/call.ts';
import type { Blobs } from './blobs.ts';
import { decodeChunked } from './chunked.ts';
import { s3Error } from './errors.ts';

export interface ReceivedBody {
  readonly blob: string;
  readonly size: number;
  /** Hex. */
  readonly md5: string;
  /** `x-amz-checksum-…` headers, from the request or its trailer, to be returned with the object. */
  readonly checksums: Readonly<Record<string, string>>;
}

const largestPut_bytes = 5 * 1024 ** 3;
const checksumHeader = /^x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256)$/;

export const receiveBody = async (blobs: Blobs, call: AwsCall): Promise<ReceivedBody> => {
  const declared = call.headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  const { chunks, trailers } = declared.startsWith('STREAMING-')
    ? decodeChunked(call.stream)
    : { chunks: call.stream, trailers: new Map<string, string>() };
  const digests = createDigests(call.headers);
  const blob = await blobs.write(digests.through(chunks));
  try {
    const headers = { ...call.headers, ...Object.fromEntries(trailers) };
    const announced = headers['x-amz-trailer'];
    if (announced !== undefined && !trailers.has(announced))
      throw s3Error('MalformedTrailerError', `No ${announced} came.`);
    const checksums = Object.fromEntries(
      Object.entries(headers).filter(([name]) => checksumHeader.test(name)),
    );
    verify(digests, headers, checksums);
    return { blob, size: digests.size(), md5: digests.digest('md5', 'hex'), checksums };
  } catch (error) {
    await blobs.remove([blob]);
    throw error;
  }
};

type HashName = 'md5' | 'sha1' | 'sha256';

/** MD5 makes the ETag; the others are computed only for a request that names them. */
const createDigests = (headers: Readonly<Record<string, string>>) => {
  const named = (name: string) => {
    const header = `x-amz-checksum-${name}`;
    return headers[header] !== undefined || headers['x-amz-trailer'] === header;
  };
  const declaresSha256 = /^[0-9a-f]{64}$/.test(headers['x-amz-content-sha256'] ?? '');
  const hashes = new Map<HashName, Hash>([['md5', createHash('md5')]]);
  if (named('sha1')) hashes.set('sha1', createHash('sha1'));
  if (named('sha256') || declaresSha256) hashes.set('sha256', createHash('sha256'));
  let size = 0;
  let crc = 0;
  return {
    async *through(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        size += chunk.length;
        if (size > largestPut_bytes) throw s3Error('EntityTooLarge', 'Your proposed upload exceeds 5 GiB.');
        crc = crc32(chunk, crc);
        for (const hash of hashes.values()) hash.update(chunk);
        yield chunk;
      }
    },
    size: () => size,
    digest: (name: HashName, encoding: 'hex' | 'base64') => hashes.get(name)?.copy().digest(encoding) ?? '',
    crc32: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(crc);
      return bytes.toString('base64');
    },
  };
};

/** CRC32C and CRC64NVME are kept for the reader to verify, not verified here: Node has neither. */
const verify = (
  digests: ReturnType<typeof createDigests>,
  headers: Readonly<Record<string, string>>,
  checksums: Readonly<Record<string, string>>,
): void => {
  const length = headers['x-amz-decoded-content-length'] ?? headers['content-length'];
  if (length !== undefined && Number(length) !== digests.size()) {
    throw s3Error('IncompleteBody', `The body has ${digests.size()} bytes instead of ${length}.`);
  }
  const sha256 = headers['x-amz-content-sha256'] ?? '';
  if (/^[0-9a-f]{64}$/.test(sha256) && sha256 !== digests.digest('sha256', 'hex')) {
    throw s3Error(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  const md5 = headers['content-md5'];
  if (md5 !== undefined && md5 !== digests.digest('md5', 'base64')) {
    throw s3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  const computed: Readonly<Record<string, () => string>> = {
    'x-amz-checksum-crc32': digests.crc32,
    'x-amz-checksum-sha1': () => digests.digest('sha1', 'base64'),
    'x-amz-checksum-sha256': () => digests.digest('sha256', 'base64'),
  };
  for (const [name, given] of Object.entries(checksums)) {
    const expected = computed[name]?.();
    if (expected !== undefined && expected !== given) {
      throw s3Error('BadDigest', `The ${name} you specified did not match the calculated checksum.`);
    }
  }
};
