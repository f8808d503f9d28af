/**
 * The CRC-32 of each file, as the central directory of an archive says; the unpacker passes them over. Layout: PKWARE
 * APPNOTE 6.3.10, sections 4.3.12 and 4.3.16.
 *
 * @throws RangeError or Error where there is no such directory
 */
export function zipChecksums(zip: Uint8Array): Map<string, number> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = endOfDirectory(view);
  const count = view.getUint16(end + 10, true);
  const checksums = new Map<string, number>();
  let at = view.getUint32(end + 16, true);
  for (let file = 0; file < count; file++) {
    if (view.getUint32(at, true) !== fileSignature) throw new Error('the directory is damaged');
    const inUtf8 = (view.getUint16(at + 8, true) & utf8Flag) !== 0;
    const length = (field: number): number => view.getUint16(at + field, true);
    const name = Buffer.from(zip.subarray(at + 46, at + 46 + length(28)));
    checksums.set(name.toString(inUtf8 ? 'utf8' : 'latin1'), view.getUint32(at + 16, true));
    at += 46 + length(28) + length(30) + length(32);
  }
  return checksums;
}

const endSignature = 0x0605_4b50;
const fileSignature = 0x0201_4b50;
const utf8Flag = 0x0800;

/** It stands last, but for a comment. */
function endOfDirectory(view: DataView): number {
  let at = view.byteLength - 22;
  while (view.getUint32(at, true) !== endSignature) at -= 1;
  return at;
}
