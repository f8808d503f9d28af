/**
 * A checkpoint as one object, so that no crash leaves half of one: the length of the state (float64, little-endian),
 * the state, and the compressed replay buffer of algorithms that have one.
 */
interface CheckpointParts {
  readonly state: Uint8Array;
  /** Compressed; empty where there is none. */
  readonly replay: Uint8Array;
}

export function joinCheckpoint({ state, replay }: CheckpointParts): Uint8Array {
  const length = Buffer.alloc(8);
  length.writeDoubleLE(state.length);
  return Buffer.concat([length, state, replay]);
}

/** @throws when the object is cut off */
export function splitCheckpoint(bytes: Uint8Array): CheckpointParts {
  const end = 8 + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readDoubleLE(0);
  if (!(end <= bytes.length)) throw new Error('the checkpoint is cut off');
  return { state: bytes.subarray(8, end), replay: bytes.subarray(end) };
}
