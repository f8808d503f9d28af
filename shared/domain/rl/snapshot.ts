/**
 * Exact state as one safetensors file (https://huggingface.co/docs/safetensors): eight bytes with the
 * header's length, a JSON header, then little-endian float64 data. Weights can be read from it with
 * any safetensors library; bits that are not reals (counters, generators) are small integers.
 */

/** A part of the state: named, of fixed shape, read and written as float64. */
export interface SnapshotSection {
  readonly name: string;
  readonly shape: readonly number[];
  read(): ArrayLike<number>;
  write(values: Float64Array): void;
}

export class SnapshotMismatch extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'SnapshotMismatch';
  }
}

/** A section that is a live array. */
export function arraySection(name: string, shape: readonly number[], values: Float64Array): SnapshotSection {
  return { name, shape, read: () => values, write: (saved) => values.set(saved) };
}

/** Writes all sections, in order. `metadata` ends in the header's `__metadata__`. */
export function writeSnapshot(
  metadata: Readonly<Record<string, string>>,
  sections: readonly SnapshotSection[],
): Uint8Array {
  const header = encodeHeader(metadata, sections);
  const bytes = new Uint8Array(header.length + 8 * totalSize(sections));
  bytes.set(header);
  const view = new DataView(bytes.buffer);
  let at = header.length;
  for (const section of sections) {
    const values = section.read();
    if (values.length !== sizeOf(section)) throw new RangeError(`${section.name} does not fit its shape`);
    for (let i = 0; i < values.length; i++, at += 8) view.setFloat64(at, values[i] ?? 0, true);
  }
  return bytes;
}

/**
 * Reads a snapshot back. Its header must be the one that would be written now, so that state never
 * reaches a training with another configuration, seed or layout.
 * @throws SnapshotMismatch, with no section written
 */
export function readSnapshot(
  bytes: Uint8Array,
  metadata: Readonly<Record<string, string>>,
  sections: readonly SnapshotSection[],
): void {
  const header = encodeHeader(metadata, sections);
  if (!header.every((byte, i) => byte === bytes[i])) {
    throw new SnapshotMismatch('the snapshot is of another training, or damaged');
  }
  if (bytes.length !== header.length + 8 * totalSize(sections)) {
    throw new SnapshotMismatch('the snapshot is incomplete');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = header.length;
  for (const section of sections) {
    const values = new Float64Array(sizeOf(section));
    for (let i = 0; i < values.length; i++, at += 8) values[i] = view.getFloat64(at, true);
    section.write(values);
  }
}

function sizeOf({ shape }: SnapshotSection): number {
  return shape.reduce((product, n) => product * n, 1);
}

function totalSize(sections: readonly SnapshotSection[]): number {
  return sections.reduce((sum, section) => sum + sizeOf(section), 0);
}

function encodeHeader(
  metadata: Readonly<Record<string, string>>,
  sections: readonly SnapshotSection[],
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const section of sections) {
    const end = offset + 8 * sizeOf(section);
    header[section.name] = { dtype: 'F64', shape: section.shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Spaces pad the header to a multiple of eight, so that the data is aligned.
  const length = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
}
