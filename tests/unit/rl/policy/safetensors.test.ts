import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  InvalidPolicy,
  type NamedTensor,
  policyLimits,
  readPolicy,
  readSafetensors,
  writePolicy,
  writeSafetensors,
} from '#shared/domain/rl/policy/index.ts';
import { ppoTensors } from './world.ts';

const tensor = (name: string, shape: number[], values: number[]): NamedTensor => ({
  name,
  shape,
  values: Float32Array.from(values),
});
const small = [tensor('a', [2], [1, 2]), tensor('b', [2, 2], [3, 4, 5, 6])];

/** A file with this header, and so many bytes of data. */
function fileOf(header: unknown, dataBytes = 24): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

function refusal(bytes: Uint8Array): string {
  try {
    readSafetensors(bytes);
  } catch (error) {
    if (error instanceof InvalidPolicy) return `${error.fault} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

const a = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
const b = { dtype: 'F32', shape: [2, 2], data_offsets: [8, 24] };

describe('a safetensors file', () => {
  it('is read back as it was written, F32 and F64', () => {
    const file = {
      metadata: { made: 'here' },
      tensors: [...small, { name: 'c', shape: [1], values: Float64Array.of(0.1) }],
    };
    expect(readSafetensors(writeSafetensors(file))).toEqual(file);
  });

  it('is read from a view into a larger buffer', () => {
    const bytes = writeSafetensors({ metadata: {}, tensors: small });
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(readSafetensors(larger.subarray(3)).tensors).toEqual(small);
  });

  it('has its data at a multiple of eight', () => {
    const bytes = writeSafetensors({ metadata: { x: 'odd' }, tensors: small });
    expect(new DataView(bytes.buffer).getBigUint64(0, true) % 8n).toBe(0n);
  });

  it.each([
    ['nothing at all', new Uint8Array(), 'malformed the file is shorter'],
    [
      'a header longer than the file',
      fileOf('{}', 0).subarray(0, 9),
      'malformed header: is longer than the file',
    ],
    ['a header of 2^63 bytes', new Uint8Array(16).fill(0x7f), 'too_large header'],
    ['a file of 3 MB', new Uint8Array(3e6), 'too_large the file has more than'],
    ['a header that is a list', fileOf([]), 'malformed header: must start with {'],
    ['broken JSON', fileOf('{"a":'), 'malformed this is not valid JSON'],
    ['text after the JSON', fileOf('{} x'), 'malformed this is not valid JSON'],
    ['bytes that are no UTF-8', fileOf('{"a').fill(0xff, 9, 11), 'malformed header: is not UTF-8'],
    [
      'deep JSON',
      fileOf(`{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`),
      'malformed JSON is nested deeper',
    ],
    [
      'a name twice',
      fileOf(`{"a":${JSON.stringify(a)},"a":${JSON.stringify(a)}}`),
      'malformed a: is there twice',
    ],
    ['__proto__', fileOf(`{"__proto__":${JSON.stringify(a)}}`), 'malformed __proto__: is not a field'],
    [
      'half floats',
      fileOf({ a: { ...a, dtype: 'F16' } }),
      'unsupported a: dtype must be F32 or F64, not F16',
    ],
    ['an unknown field', fileOf({ a: { ...a, sparse: true } }), 'malformed a: has an unknown field sparse'],
    ['a negative dimension', fileOf({ a: { ...a, shape: [-2] } }), 'malformed a: its dimensions'],
    ['a fractional dimension', fileOf({ a: { ...a, shape: [2.5] } }), 'malformed a: its dimensions'],
    ['three dimensions', fileOf({ a: { ...a, shape: [1, 1, 2] } }), 'unsupported a: must have one or two'],
    ['no dimensions', fileOf({ a: { ...a, shape: [] } }), 'unsupported a: must have one or two'],
    ['a huge shape', fileOf({ a: { ...a, shape: [2 ** 40, 2 ** 40] } }), 'too_large a: has more than'],
    ['too many numbers together', fileOf(manyNumbers()), 'too_large there are 1200000 numbers'],
    [
      'a shape that does not fit',
      fileOf({ a: { ...a, shape: [3] } }),
      'malformed a: its shape needs 12 bytes',
    ],
    ['negative offsets', fileOf({ a: { ...a, data_offsets: [-8, 0] } }), 'malformed a: data_offsets'],
    ['one offset', fileOf({ a: { ...a, data_offsets: [8] } }), 'malformed a: data_offsets'],
    ['overlapping data', fileOf({ a, b: { ...b, data_offsets: [4, 20] } }), 'malformed b: its data overlaps'],
    ['a gap', fileOf({ a, b: { ...b, data_offsets: [12, 28] } }, 28), 'malformed b: there is a gap'],
    ['data beyond the end', fileOf({ a, b }, 20), 'malformed b: its data lies beyond the end'],
    ['bytes of nothing', fileOf({ a, b }, 25), 'malformed the file has bytes that belong to no tensor'],
    [
      'NaN',
      writeSafetensors({ metadata: {}, tensors: [tensor('w', [2], [1, Number.NaN])] }),
      'not_finite w: number 1',
    ],
    [
      'infinity',
      writeSafetensors({ metadata: {}, tensors: [tensor('w', [1], [Number.POSITIVE_INFINITY])] }),
      'not_finite w: number 0',
    ],
    [
      'metadata that is no text',
      fileOf({ __metadata__: { a: 1 } }, 0),
      'malformed __metadata__: must hold texts',
    ],
    ['too many tensors', fileOf(manyTensors(), 129 * 4), 'too_large there are more than 128 tensors'],
  ])('with %s is refused by name', (_, bytes, reason) => {
    expect(refusal(bytes)).toContain(reason);
  });

  it('however it is damaged, is either read or refused as a policy', () => {
    const bytes = writeSafetensors({ metadata: { format: 'x' }, tensors: small });
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(damage, fc.nat(bytes.length), (changes, length) => {
        const damaged = bytes.slice(0, length);
        for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
        refusal(damaged);
      }),
      { numRuns: 2000 },
    );
  });

  it('of any JSON as its header is either read or refused', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(64), (json, size) => {
        refusal(fileOf(json, size));
      }),
      { numRuns: 2000 },
    );
    const entry = fc.record(
      {
        dtype: fc.constantFrom('F32', 'F64', 'I64', 7),
        shape: fc.oneof(fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 3 }), fc.jsonValue()),
        data_offsets: fc.oneof(fc.array(fc.integer({ min: -1, max: 40 }), { maxLength: 3 }), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), entry, { maxKeys: 4 }), fc.nat(64), (header, size) => {
        refusal(fileOf(header, size));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a policy on file', () => {
  const tensors = ppoTensors([4, 8, 2]);
  const label = { environment: 'CartPole-v1', env_kwargs: {}, algorithm: 'ppo', tensors } as const;

  it('is read back, with and without what is by default', () => {
    const bytes = writePolicy({ ...label, env_kwargs: { sutton_barto_reward: false }, activation: 'relu' });
    const policy = readPolicy(bytes, { environment: 'CartPole-v1', env_kwargs: {} });
    expect(policy.layers.map(({ activation }) => activation)).toEqual(['relu', 'linear']);
    expect(policy.layers[0]?.weight).toEqual(tensors[0]?.values);
  });

  it('made by somebody else says nothing, and is taken by its names', () => {
    const bytes = writeSafetensors({ metadata: { format: 'pt' }, tensors });
    const policy = readPolicy(bytes, { environment: 'CartPole-v1', env_kwargs: {} });
    expect(policy.layers.map(({ activation }) => activation)).toEqual(['tanh', 'linear']);
  });

  it.each([
    [
      'another environment',
      { environment: 'Acrobot-v1', env_kwargs: {} },
      'for CartPole-v1, not for Acrobot-v1',
    ],
    [
      'other keyword arguments',
      { environment: 'CartPole-v1', env_kwargs: { sutton_barto_reward: true } },
      'the file is for {}, not for {"sutton_barto_reward":true}',
    ],
  ])('is refused for %s', (_, wanted, reason) => {
    expect(() => readPolicy(writePolicy(label), wanted)).toThrow(reason);
  });

  it('with odd metadata is refused by the field', () => {
    const odd = (metadata: Record<string, string>) => () =>
      readPolicy(writeSafetensors({ metadata: { format: 'lyceum-policy-1', ...metadata }, tensors }), {
        environment: 'CartPole-v1',
        env_kwargs: {},
      });
    expect(odd({ algorithm: 'a2c' })).toThrow('algorithm: must be one of ppo, dqn, sac');
    expect(odd({ clip_obs: '-1' })).toThrow('clip_obs: must be a positive number');
    expect(odd({ epsilon: '0x10' })).toThrow('epsilon: must be a positive number');
    expect(odd({ environment: 'CartPole-v1', env_kwargs: '[' })).toThrow('not valid JSON');
  });
});

function manyNumbers() {
  const bytes = 600_000 * 4;
  return {
    a: { dtype: 'F32', shape: [600_000], data_offsets: [0, bytes] },
    b: { dtype: 'F32', shape: [600_000], data_offsets: [bytes, 2 * bytes] },
  };
}

function manyTensors() {
  return Object.fromEntries(
    Array.from({ length: policyLimits.tensors + 1 }, (_, i) => [
      `t${i}`,
      { dtype: 'F32', shape: [1], data_offsets: [4 * i, 4 * i + 4] },
    ]),
  );
}
