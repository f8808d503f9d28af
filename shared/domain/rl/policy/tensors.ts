import { InvalidPolicy } from './invalid-policy.ts';

/** A named array as files hold it: row by row, a weight as [outputs][inputs]. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float64Array | Float32Array;
}

/** What a file of a policy may be at most. */
export interface PolicyLimits {
  readonly bytes: number;
  /** Of its JSON. */
  readonly headerBytes: number;
  readonly tensors: number;
  /** Numbers in all tensors together. */
  readonly parameters: number;
}

export const policyLimits: PolicyLimits = {
  bytes: 2 * 1024 * 1024,
  headerBytes: 64 * 1024,
  tensors: 128,
  parameters: 1_000_000,
};

/** Numbers in an array of this shape. */
export const sizeOfShape = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

/**
 * The shape of a tensor from outside: one or two positive dimensions.
 * @throws InvalidPolicy
 */
export function checkedShape(name: string, value: unknown, limits: PolicyLimits): readonly number[] {
  if (!Array.isArray(value) || value.length < 1 || value.length > 2)
    throw new InvalidPolicy('unsupported', name, 'must have one or two dimensions');
  const shape = value.filter((n): n is number => typeof n === 'number' && Number.isSafeInteger(n) && n >= 1);
  if (shape.length !== value.length)
    throw new InvalidPolicy('malformed', name, 'its dimensions must be positive integers');
  if (shape.some((n) => n > limits.parameters) || sizeOfShape(shape) > limits.parameters)
    throw new InvalidPolicy('too_large', name, `has more than ${limits.parameters} numbers`);
  return shape;
}

/** @throws InvalidPolicy if one is NaN or infinite */
export function checkFinite(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]))
      throw new InvalidPolicy('not_finite', name, `number ${i} is ${values[i]}: weights must be finite`);
  }
}

/** @throws InvalidPolicy if there are more numbers than a policy may have */
export function checkTotal(shapes: Iterable<readonly number[]>, limits: PolicyLimits): void {
  let total = 0;
  for (const shape of shapes) total += sizeOfShape(shape);
  if (total > limits.parameters)
    throw new InvalidPolicy(
      'too_large',
      '',
      `there are ${total} numbers, and ${limits.parameters} is the most`,
    );
}
