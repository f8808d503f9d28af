import type { Duplex } from 'node:stream';

/** API Gateway's quota for one WebSocket frame. */
export const frameBytes = 32 * 1024;

/**
 * Watches the raw bytes of a WebSocket connection and calls `onTooLarge` when a frame announces a payload above the
 * quota. `ws` limits messages, not frames; a message in several small frames is allowed up to 128 KB.
 * Frame layout: RFC 6455, section 5.2.
 */
export function watchFrames(socket: Duplex, onTooLarge: () => void): void {
  let header = Buffer.alloc(0);
  let skip = 0;
  const consume = (chunk: Buffer): void => {
    let offset = 0;
    while (offset < chunk.length) {
      const skipped = Math.min(skip, chunk.length - offset);
      skip -= skipped;
      offset += skipped;
      if (offset === chunk.length) return;
      header = Buffer.concat([header, chunk.subarray(offset, offset + 1)]);
      offset += 1;
      const frame = readHeader(header);
      if (frame === undefined) continue;
      if (frame.payload > frameBytes) onTooLarge();
      skip = frame.payload;
      header = Buffer.alloc(0);
    }
  };
  socket.on('data', consume);
}

/** The payload's length once the header is complete. Frames from clients carry four bytes of mask. */
function readHeader(header: Buffer): { payload: number } | undefined {
  if (header.length < 2) return undefined;
  const second = header.readUInt8(1);
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const mask = second & 0x80 ? 4 : 0;
  if (header.length < 2 + extended + mask) return undefined;
  if (extended === 2) return { payload: header.readUInt16BE(2) };
  return { payload: extended === 8 ? Number(header.readBigUInt64BE(2)) : short };
}
