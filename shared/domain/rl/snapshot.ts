/**
 * Exact state as one safetensors file (https://huggingface.co/docs/safetensors): eight bytes with the
 * header's length, a JSON header, then little-endian data (as the machines that Node runs on store it).
 * Weights can be read from it with any safetensors library; what is not a real number (counters,
 * generators) are small integers.
 */

/** safetensors' names of the types of numbers that occur here. */
export type Dtype = 'F64' | 'F32';

/** A part of the state: named, of fixed shape, and of a type of number that holds it exactly. */
export interface SnapshotSection {
  readonly name: string;
  readonly shape: readonly number[];
  /** F64 by default. */
  readonly precision?: Dtype;
  read(): ArrayLike<number>;
  write(values: Float64Array): void;
}

/** Short texts about the state, in the header's `__metadata__`. */
export type SnapshotMetadata = Readonly<Record<string, string>>;

export class SnapshotMismatch extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'SnapshotMismatch';
  }
}

/** A section that is a live array. */
export function arraySection(name: string, values: Float64Array): SnapshotSection {
  return { name, shape: [values.length], read: () => values, write: (saved) => values.set(saved) };
}

/** Writes all sections, in order. */
export function writeSnapshot(
  metadata: SnapshotMetadata,
  sections: readonly SnapshotSection[],
): Uint8Array<ArrayBuffer> {
  const header = encodeHeader(metadata, sections);
  const bytes = new Uint8Array(header.length + totalBytes(sections));
  bytes.set(header);
  let at = header.length;
  for (const section of sections) {
    const values = section.read();
    if (values.length !== sizeOf(section)) throw new RangeError(`${section.name} does not fit its shape`);
    const stored = section.precision === 'F32' ? Float32Array.from(values) : Float64Array.from(values);
    bytes.set(new Uint8Array(stored.buffer), at);
    at += stored.byteLength;
  }
  return bytes;
}

/**
 * Checks that a file has exactly these sections and this metadata, so that state never reaches a
 * training with another configuration, seed or layout.
 * @returns what writes the sections; nothing is written before
 * @throws SnapshotMismatch
 */
export function openSnapshot(
  bytes: Uint8Array,
  metadata: SnapshotMetadata,
  sections: readonly SnapshotSection[],
): () => void {
  const header = encodeHeader(metadata, sections);
  if (!header.every((byte, i) => byte === bytes[i])) {
    throw new SnapshotMismatch('the snapshot is of another training, or damaged');
  }
  if (bytes.length !== header.length + totalBytes(sections)) {
    throw new SnapshotMismatch('the snapshot is incomplete');
  }
  return () => {
    let at = header.length;
    for (const section of sections) {
      const end = at + bytesOf(section);
      // a copy, for its alignment; slice would not copy where the bytes are Node's Buffer
      const { buffer } = new Uint8Array(bytes.subarray(at, end));
      section.write(
        section.precision === 'F32' ? Float64Array.from(new Float32Array(buffer)) : new Float64Array(buffer),
      );
      at = end;
    }
  };
}

/**
 * The metadata of a snapshot.
 * @throws SnapshotMismatch if there is none
 */
export function snapshotMetadata(bytes: Uint8Array): SnapshotMetadata {
  try {
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    if (typeof header !== 'object' || header === null || !('__metadata__' in header)) throw new RangeError();
    return Object.fromEntries(
      Object.entries(header.__metadata__ ?? {}).map(([key, value]) => [key, String(value)]),
    );
  } catch {
    throw new SnapshotMismatch('the snapshot has no readable header');
  }
}

/**
 * A copy of the sections in memory.
 * @returns what writes it back
 */
export function remember(sections: readonly SnapshotSection[]): () => void {
  const copies = sections.map((section) => Float64Array.from(section.read()));
  return () => {
    sections.forEach((section, i) => {
      section.write(copies[i] ?? new Float64Array());
    });
  };
}

function sizeOf({ shape }: SnapshotSection): number {
  return shape.reduce((product, n) => product * n, 1);
}

function bytesOf(section: SnapshotSection): number {
  return sizeOf(section) * (section.precision === 'F32' ? 4 : 8);
}

function totalBytes(sections: readonly SnapshotSection[]): number {
  return sections.reduce((sum, section) => sum + bytesOf(section), 0);
}

function encodeHeader(metadata: SnapshotMetadata, sections: readonly SnapshotSection[]): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const section of sections) {
    const end = offset + bytesOf(section);
    header[section.name] = {
      dtype: section.precision ?? 'F64',
      shape: section.shape,
      data_offsets: [offset, end],
    };
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
