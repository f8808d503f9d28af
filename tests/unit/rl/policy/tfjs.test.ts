import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  InvalidPolicy,
  networkOutput,
  policyFromTensors,
  readTfjs,
  type TfjsModel,
  writeTfjs,
} from '#shared/domain/rl/policy/index.ts';
import { ppoTensors, randomTensors } from './world.ts';

const rows = z.array(z.array(z.number()));
const files = { model: z.string(), weights: z.string() };
const fixture = z.object({
  tfjs: z.string(),
  written: z.array(z.object({ ...files, environment: z.string(), inputs: rows, outputs: rows })),
  made: z.array(z.object({ ...files, name: z.string(), inputs: rows, outputs: rows })),
  refused: z.array(z.object({ ...files, name: z.string() })),
});
const recorded = fixture.parse(
  JSON.parse(readFileSync(new URL('../../../fixtures/rl/tfjs.json', import.meta.url), 'utf8')),
);

const cartPole = { environment: 'CartPole-v1', env_kwargs: {} };
const filesOf = ({ model, weights }: { model: string; weights: string }): TfjsModel => ({
  model,
  weights: new Uint8Array(Buffer.from(weights, 'base64')),
});

const written = {
  'CartPole-v1': ppoTensors([4, 16, 8, 2]),
  'MountainCar-v0': randomTensors([2, 16, 3], 'q_net', 'q_net.2'),
  'Pendulum-v1': randomTensors([3, 12, 1], 'latent_pi', 'mu'),
} as const;

describe('a model written for TensorFlow.js', () => {
  it.each(Object.entries(written))(
    'of %s is what TensorFlow.js has loaded, to 1e-6 of its outputs',
    (id, tensors) => {
      const known = recorded.written.find(({ environment }) => environment === id);
      const policy = policyFromTensors({ environment: id, env_kwargs: {} }, tensors);
      const { model, weights } = writeTfjs(policy);
      expect(JSON.parse(model)).toEqual(JSON.parse(known?.model ?? ''));
      expect(Buffer.from(weights).toString('base64')).toBe(known?.weights);
      const ours = (known?.inputs ?? []).map((input) => [...networkOutput(policy, input)]);
      expect(farthest(ours, known?.outputs)).toBeLessThan(1e-6);
    },
  );

  it('is read back with all that is around the network', () => {
    const tensors = [
      ...randomTensors([3, 4, 1], 'latent_pi', 'mu.0'),
      { name: 'obs_rms.mean', shape: [3], values: Float64Array.of(0.1, 0.2, 0.3) },
      { name: 'obs_rms.var', shape: [3], values: Float64Array.of(1, 2, 3) },
    ];
    const wanted = { environment: 'Pendulum-v1', env_kwargs: { g: 9.81 } };
    const policy = policyFromTensors(wanted, tensors);
    const { layers, ...rest } = readTfjs(writeTfjs(policy), wanted);
    expect(rest).toEqual({ ...policy, layers: undefined, ...rest });
    expect(rest.normalization).toEqual(policy.normalization);
    expect(rest.head).toEqual({ kind: 'squashed', low: [-2], high: [2], mean_limit: 2 });
    expect(layers.map(({ weight }) => [...weight])).toEqual(
      policy.layers.map(({ weight }) => [...Float32Array.from(weight)]),
    );
  });

  it('is refused for another environment', () => {
    const model = writeTfjs(policyFromTensors(cartPole, ppoTensors([4, 2])));
    expect(() => readTfjs(model, { environment: 'Acrobot-v1', env_kwargs: {} })).toThrow(
      'not for Acrobot-v1',
    );
  });
});

describe('a model that TensorFlow.js saved', () => {
  it.each(recorded.made)('($name) computes the same here', ({ inputs, outputs, ...model }) => {
    const policy = readTfjs(filesOf(model), cartPole);
    expect(
      farthest(
        inputs.map((input) => [...networkOutput(policy, input)]),
        outputs,
      ),
    ).toBeLessThan(1e-6);
    expect(policy.head).toEqual({ kind: 'argmax' });
  });

  it.each([
    ['branched', 'must take what the layer before it gives'],
    ['dropout', 'Dropout: only Dense layers are read'],
    ['sigmoid', 'activation must be tanh, relu or linear, not sigmoid'],
  ])('with %s in it is refused by name', (name, reason) => {
    const model = recorded.refused.find((one) => one.name === name);
    expect(() => readTfjs(filesOf(model ?? { model: '', weights: '' }), cartPole)).toThrow(reason);
  });
});

describe('a hostile model', () => {
  const good = writeTfjs(policyFromTensors(cartPole, ppoTensors([4, 8, 2])));
  const changed = (from: string, to: string): TfjsModel => ({ ...good, model: good.model.replace(from, to) });

  it.each([
    ['of 100 KB of JSON', { ...good, model: ' '.repeat(100_000) }, 'too_large model.json'],
    ['of 3 MB of weights', { ...good, weights: new Uint8Array(3e6) }, 'too_large weights.bin'],
    ['nested deep', { ...good, model: '['.repeat(60_000) }, 'malformed JSON is nested deeper'],
    ['that is a graph', changed('layers-model', 'graph-model'), 'unsupported format: must be layers-model'],
    ['with a Lambda layer', changed('"Dense"', '"Lambda"'), 'unsupported Lambda: only Dense'],
    [
      'with a field unknown',
      changed('"use_bias"', '"on_load": "x", "use_bias"'),
      'unsupported dense_0: has on_load',
    ],
    [
      'without a bias',
      changed('"use_bias": true', '"use_bias": false'),
      'unsupported dense_0: must have a bias',
    ],
    ['of 10^9 units', changed('"units": 8', '"units": 1000000000'), 'shape dense_0/kernel: must be'],
    ['of another class', changed('"Sequential"', '"Graph"'), 'unsupported Graph'],
    ['with half its weights', { ...good, weights: good.weights.slice(4) }, 'malformed weights.bin'],
    ['with quantised weights', changed('"dtype": "float32"\n    }', '"dtype": "uint8" }'), 'must be float32'],
    ['with a path elsewhere', changed('"weights.bin"', '"a", "b"'), 'must have its weights in one file'],
    ['with NaN', { ...good, weights: good.weights.slice().fill(0xff, 0, 4) }, 'not_finite dense_0/kernel'],
    [
      'with a head of its own',
      changed('"kind": "argmax"', '"kind": "eval"'),
      'unsupported head: must be one of',
    ],
  ])('%s is refused', (_, model, reason) => {
    expect(refusal(model)).toContain(reason);
  });

  it('however it is changed, is read or refused as a policy', () => {
    const words = [
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      'null',
      '-1',
      '1e999',
      '"Dense"',
      '\\u0000',
      '__proto__',
    ];
    const change = fc.tuple(fc.nat(good.model.length), fc.nat(12), fc.constantFrom(...words));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), (changes) => {
        const model = changes.reduce(
          (text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut),
          good.model,
        );
        refusal({ ...good, model });
      }),
      { numRuns: 1500 },
    );
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (topology) => {
        const model = `{"format":"layers-model","modelTopology":${topology},"weightsManifest":${topology}}`;
        refusal({ ...good, model });
      }),
      { numRuns: 1500 },
    );
  });
});

function refusal(model: TfjsModel): string {
  try {
    readTfjs(model, cartPole);
  } catch (error) {
    if (error instanceof InvalidPolicy) return `${error.fault} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

const farthest = (ours: readonly number[][], theirs: readonly number[][] = []) =>
  Math.max(...ours.flatMap((row, i) => row.map((x, j) => Math.abs(x - (theirs[i]?.[j] ?? Number.NaN)))));
