import type { IncomingMessage } from 'node:http';

/** The body of a reply, for one that fits in memory; with plain listeners, which take a third of the time of an iterator. */
export function readWhole(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    incoming
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => resolve(Buffer.concat(chunks)))
      .on('error', reject);
  });
}
