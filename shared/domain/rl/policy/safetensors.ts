import { InvalidPolicy } from './invalid-policy.ts';
import { isObject, type Json, type JsonObject, parseStrictJson } from './strict-json.ts';
import {
  checkedShape,
  checkFinite,
  checkTotal,
  type NamedTensor,
  type PolicyLimits,
  policyLimits,
  sizeOfShape,
} from './tensors.ts';

/**
 * Safetensors (https://huggingface.co/docs/safetensors): eight bytes with the header's length, a JSON header, then
 * little-endian data. Of its dtypes F32 and F64 are written and read.
 */

export interface SafetensorsFile {
  /** `__metadata__`: texts only. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly NamedTensor[];
}

const lengthBytes = 8;
const headerDepth = 4;

/** Float64Array is written as F64, Float32Array as F32; the data starts at a multiple of eight. */
export function writeSafetensors({ metadata, tensors }: SafetensorsFile): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const { name, shape, values } of tensors) {
    if (values.length !== sizeOfShape(shape)) throw new RangeError(`${name} does not fit its shape`);
    const begin = end;
    end += values.byteLength;
    header[name] = { dtype: dtypeOf(values), shape, data_offsets: [begin, end] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(lengthBytes + headerLength + end).fill(0x20, 0, lengthBytes + headerLength);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerLength), true);
  bytes.set(json, lengthBytes);
  let at = lengthBytes + headerLength;
  for (const { values } of tensors) {
    const step = values.BYTES_PER_ELEMENT;
    for (let i = 0; i < values.length; i++, at += step) {
      if (step === 8) view.setFloat64(at, values[i] ?? 0, true);
      else view.setFloat32(at, values[i] ?? 0, true);
    }
  }
  return bytes;
}

const dtypeOf = (values: Float64Array | Float32Array): 'F64' | 'F32' =>
  values instanceof Float64Array ? 'F64' : 'F32';

/**
 * Reads a file from outside. Every byte must be accounted for: no gap, overlap, unknown field, key twice, other
 * dtype, or weight that is not finite.
 * @throws InvalidPolicy that names the tensor
 */
export function readSafetensors(bytes: Uint8Array, limits: PolicyLimits = policyLimits): SafetensorsFile {
  if (bytes.length > limits.bytes)
    throw new InvalidPolicy('too_large', '', `the file has more than ${limits.bytes} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataStart = lengthBytes + headerLengthOf(view, limits);
  const { __metadata__: given = {}, ...described } = headerOf(bytes.subarray(lengthBytes, dataStart));
  const entries = Object.entries(described).map(([name, entry]) => entryOf(name, entry, limits));
  if (entries.length > limits.tensors)
    throw new InvalidPolicy('too_large', '', `there are more than ${limits.tensors} tensors`);
  checkTotal(
    entries.map(({ shape }) => shape),
    limits,
  );
  checkLayout(entries, bytes.length - dataStart);
  const tensors = entries.map((entry) => ({
    name: entry.name,
    shape: entry.shape,
    values: valuesOf(view, dataStart, entry),
  }));
  for (const { name, values } of tensors) checkFinite(name, values);
  return { metadata: metadataOf(given), tensors };
}

function headerLengthOf(view: DataView, limits: PolicyLimits): number {
  if (view.byteLength < lengthBytes)
    throw new InvalidPolicy('malformed', '', 'the file is shorter than the eight bytes that a header needs');
  const length = view.getBigUint64(0, true);
  if (length > BigInt(limits.headerBytes))
    throw new InvalidPolicy('too_large', 'header', `has more than ${limits.headerBytes} bytes`);
  if (length > BigInt(view.byteLength - lengthBytes))
    throw new InvalidPolicy('malformed', 'header', 'is longer than the file');
  return Number(length);
}

function headerOf(bytes: Uint8Array): JsonObject {
  if (bytes[0] !== 0x7b) throw new InvalidPolicy('malformed', 'header', 'must start with {');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new InvalidPolicy('malformed', 'header', 'is not UTF-8');
  }
  const header = parseStrictJson(text, headerDepth);
  if (!isObject(header)) throw new InvalidPolicy('malformed', 'header', 'must be an object');
  return header;
}

interface Entry {
  readonly name: string;
  readonly dtype: 'F32' | 'F64';
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function entryOf(name: string, entry: Json, limits: PolicyLimits): Entry {
  if (!isObject(entry)) throw new InvalidPolicy('malformed', name, 'must be an object');
  const { dtype, shape: givenShape, data_offsets: offsets, ...unknown } = entry;
  const [odd] = Object.keys(unknown);
  if (odd !== undefined)
    throw new InvalidPolicy('malformed', name, `has an unknown field ${odd.slice(0, 40)}`);
  if (dtype !== 'F32' && dtype !== 'F64')
    throw new InvalidPolicy('unsupported', name, `dtype must be F32 or F64, not ${shown(dtype)}`);
  const shape = checkedShape(name, givenShape, limits);
  const [begin, end] = Array.isArray(offsets) && offsets.length === 2 ? offsets : [];
  if (!isOffset(begin) || !isOffset(end))
    throw new InvalidPolicy('malformed', name, 'data_offsets must be two offsets, [begin, end]');
  const needed = sizeOfShape(shape) * (dtype === 'F64' ? 8 : 4);
  if (end - begin !== needed)
    throw new InvalidPolicy(
      'malformed',
      name,
      `its shape needs ${needed} bytes, its offsets give ${end - begin}`,
    );
  return { name, dtype, shape, begin, end };
}

const isOffset = (value: Json | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

const shown = (value: Json | undefined): string =>
  typeof value === 'string' ? value.slice(0, 20) : 'something else';

function checkLayout(entries: readonly Entry[], dataLength: number): void {
  let covered = 0;
  for (const { name, begin, end } of [...entries].sort((a, b) => a.begin - b.begin)) {
    if (begin < covered)
      throw new InvalidPolicy('malformed', name, 'its data overlaps that of another tensor');
    if (begin > covered) throw new InvalidPolicy('malformed', name, 'there is a gap before its data');
    if (end > dataLength)
      throw new InvalidPolicy('malformed', name, 'its data lies beyond the end of the file');
    covered = end;
  }
  if (covered !== dataLength)
    throw new InvalidPolicy('malformed', '', 'the file has bytes that belong to no tensor');
}

function valuesOf(
  view: DataView,
  dataStart: number,
  { dtype, shape, begin }: Entry,
): Float64Array | Float32Array {
  const size = sizeOfShape(shape);
  const start = dataStart + begin;
  return dtype === 'F64'
    ? Float64Array.from({ length: size }, (_, i) => view.getFloat64(start + 8 * i, true))
    : Float32Array.from({ length: size }, (_, i) => view.getFloat32(start + 4 * i, true));
}

function metadataOf(given: Json): Record<string, string> {
  if (!isObject(given)) throw new InvalidPolicy('malformed', '__metadata__', 'must be an object of texts');
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      if (typeof value !== 'string')
        throw new InvalidPolicy('malformed', '__metadata__', 'must hold texts only');
      return [key, value];
    }),
  );
}
