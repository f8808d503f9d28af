import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { compileKernels, kernelFolders, kernelsFile } from '#infra/kernels.ts';
import type { Activation, Engine, Matrix, NetworkPlan } from '#shared/domain/rl/engine/engine.ts';
import { createFastEngine } from '#shared/domain/rl/engine/fast/index.ts';
import { kernels, version } from '#shared/domain/rl/engine/fast/kernels.ts';
import { Memory } from '#shared/domain/rl/engine/fast/memory.ts';
import { Pcg64 } from '#shared/domain/rl/random/pcg64.ts';
import { type PlainLayer, plainBackward, plainForward } from './plain.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test.each(kernelFolders)('the kernels committed in %s are what their source compiles to', async (folder) => {
  expect(await readFile(kernelsFile(folder), 'utf8')).toBe(await compileKernels(folder));
});

test('the version is the hash of the kernels', () => {
  const hash = createHash('sha256').update(kernels, 'base64').digest('hex');
  expect(hash.startsWith(version)).toBe(true);
  expect(createFastEngine(1).version).toBe(`fast-${version}`);
});

test.each([
  ['WebAssembly', undefined],
  ['WebAssembly with SIMD', { validate: () => false }],
])('without %s the engine says so', async (what, found) => {
  vi.stubGlobal('WebAssembly', found);
  const fresh = await import('#shared/domain/rl/engine/fast/index.ts');
  expect(() => fresh.createFastEngine(1)).toThrow(
    `The fast engine needs ${what}, which this machine does not offer.`,
  );
});

/** Distance in units in the last place of the exact value's 32 bits. */
function ulps(actual: number, exact: number): number {
  const rounded = Math.abs(Math.fround(exact));
  const ulp = rounded < 2 ** -126 ? 2 ** -149 : 2 ** (Math.floor(Math.log2(rounded)) - 23);
  return Math.abs(actual - exact) / ulp;
}

test('tanh is within four units in the last place, odd, and never beyond one', () => {
  const memory = new Memory(1);
  const { address, data } = memory.floats(8192);
  const tanh = (inputs: number[]): number[] => {
    data.fill(0).set(inputs);
    memory.kernels.tanhRows(address, 4 * 8192, 1, 8192);
    return [...data.subarray(0, inputs.length)];
  };
  const sizes = Array.from({ length: 8000 }, (_, i) => Math.fround(2 ** (-20 + (24 * i) / 8000)));
  const positive = tanh(sizes);
  const worst = Math.max(...sizes.map((x, i) => ulps(positive[i] ?? Number.NaN, Math.tanh(x))));
  expect(worst).toBeLessThan(4);
  expect(Math.max(...positive)).toBe(1);
  expect(tanh(sizes.map((x) => -x))).toEqual(positive.map((y) => -y));
  expect(tanh([0, -0, 1e-30, 1e30, Infinity, -Infinity, Number.NaN])).toEqual([
    0,
    -0,
    Math.fround(1e-30),
    1,
    1,
    -1,
    Number.NaN,
  ]);
});

interface Case {
  readonly seed: number;
  readonly inputs: number;
  readonly hidden: readonly number[];
  readonly outputs: number;
  readonly activation: Activation;
  readonly batch: number;
}

/** Around the widths of the tiles, and batches beyond what one pass of the kernels takes. */
const width = fc.oneof(fc.integer({ min: 1, max: 80 }), fc.constantFrom(1, 31, 32, 33, 64, 96));
const wideCases: fc.Arbitrary<Case> = fc.record({
  seed: fc.nat(2 ** 32),
  inputs: fc.integer({ min: 1, max: 40 }),
  hidden: fc.array(width, { maxLength: 2 }),
  outputs: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 })),
  activation: fc.constantFrom('tanh', 'relu'),
  batch: fc.integer({ min: 1, max: 300 }),
});

const draw = (random: Pcg64, length: number): number[] =>
  Array.from({ length }, () => Math.fround(random.normal()));

const planOf = ({ inputs, hidden, outputs, activation, batch }: Case): NetworkPlan => ({
  inputs,
  hidden,
  outputs,
  activation,
  maxBatch: batch,
  names: [...hidden, outputs].map((_, l) => `n.${l}`),
});

const fill = ({ data, stride }: Matrix, rows: readonly number[][]): void =>
  rows.forEach((row, r) => {
    data.set(row, r * stride);
  });

const rowsOf = ({ data, stride, columns }: Matrix, count: number): number[][] =>
  Array.from({ length: count }, (_, r) => [...data.subarray(r * stride, r * stride + columns)]);

/** A network with weights, a batch and gradients of its outputs, in the engine and as plain lists. */
function world(engine: Engine, c: Case) {
  const random = new Pcg64(c.seed);
  const plan = planOf(c);
  const parameters = engine.parameters({ networks: [plan] });
  const layers: PlainLayer[] = [];
  for (let t = 0; t < parameters.tensors.length; t += 2) {
    const [weight, bias] = parameters.tensors.slice(t, t + 2);
    const [outputs = 0, inputs = 0] = weight?.shape ?? [];
    const rows = Array.from({ length: outputs }, () =>
      draw(random, inputs).map((w) => Math.fround(w / Math.sqrt(inputs))),
    );
    const layer = { weight: rows, bias: draw(random, outputs) };
    weight?.write(layer.weight.flat());
    bias?.write(layer.bias);
    layers.push(layer);
  }
  const rows = Array.from({ length: c.batch }, () => draw(random, c.inputs));
  const input = engine.matrix(c.batch, c.inputs);
  fill(input, rows);
  // Some rows weigh nothing, as where the other critic's value is the smaller one.
  const outputGradients = rows.map(() =>
    random.normal() < 0.5 ? draw(random, c.outputs) : Array(c.outputs).fill(0),
  );
  const network = parameters.network(0);
  fill(network.outputGradient, outputGradients);
  return { parameters, network, layers, rows, input, outputGradients };
}

/** The largest error, relative to the largest number. */
function relativeError(actual: ArrayLike<number>, expected: readonly number[]): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  const scale = Math.max(1, ...expected.map(Math.abs));
  return Math.max(0, ...expected.map((x, i) => Math.abs(x - (actual[i] ?? Number.NaN)))) / scale;
}

test('wide layers and large batches equal the textbook, forward and backward', () => {
  const property = fc.property(wideCases, (c) => {
    const { parameters, network, layers, rows, input, outputGradients } = world(createFastEngine(16), c);
    network.forward(input, c.batch);
    const outputs = rows.flatMap((row) => plainForward(layers, c.activation, row).at(-1) ?? []);
    expect(relativeError(rowsOf(network.output, c.batch).flat(), outputs)).toBeLessThan(1e-5);
    network.backward(input, c.batch, 'both');
    const expected = plainBackward(layers, c.activation, rows, outputGradients);
    expect(relativeError(rowsOf(network.inputGradient, c.batch).flat(), expected.inputs.flat())).toBeLessThan(
      1e-5,
    );
    const gradients = expected.layers.flatMap(({ weight, bias }) => [weight, bias]);
    parameters.tensors.forEach((tensor, t) => {
      expect(relativeError(tensor.readGradient(), gradients[t] ?? [])).toBeLessThan(1e-5);
    });
  });
  // The seed is fixed: where a ReLU's input is nearer to 0 than 32 bits can say, both answers are right.
  fc.assert(property, { seed: 20, numRuns: 40 });
});

test('gradients are the slopes of the outputs', () => {
  const c: Case = { seed: 5, inputs: 3, hidden: [40, 36], outputs: 2, activation: 'tanh', batch: 7 };
  const { parameters, network, layers, rows, input, outputGradients } = world(createFastEngine(1), c);
  network.forward(input, c.batch);
  network.backward(input, c.batch, 'parameters');
  const loss = () =>
    rows.reduce((total, row, r) => {
      const outputs = plainForward(layers, c.activation, row).at(-1) ?? [];
      return total + outputs.reduce((sum, y, o) => sum + y * (outputGradients[r]?.[o] ?? 0), 0);
    }, 0);
  layers.forEach(({ weight }, l) => {
    const gradient = parameters.tensors[2 * l]?.readGradient() ?? new Float64Array();
    const width = weight[0]?.length ?? 0;
    for (const [o, i] of [
      [0, 0],
      [weight.length - 1, width - 1],
      [1, 2],
    ] as const) {
      const row = weight[o] ?? [];
      const kept = row[i] ?? 0;
      const at = (x: number): number => {
        row[i] = x;
        return loss();
      };
      const slope = (at(kept + 1e-5) - at(kept - 1e-5)) / 2e-5;
      row[i] = kept;
      expect(gradient[o * width + i]).toBeCloseTo(slope, 4);
    }
  });
});

/** Some steps of regression; the parameters' and the moments' hash. */
function train(activation: Activation): string {
  const engine = createFastEngine(4);
  const c: Case = { seed: 11, inputs: 5, hidden: [64, 40], outputs: 3, activation, batch: 37 };
  const { parameters, network, input } = world(engine, c);
  const target = engine.parameters({ networks: [planOf(c)] });
  const adam = engine.adam(parameters, 1e-8);
  for (let step = 0; step < 20; step++) {
    network.forward(input, c.batch);
    for (let i = 0; i < network.output.data.length; i++)
      network.outputGradient.data[i] = (network.output.data[i] ?? 0) / 37;
    network.backward(input, c.batch, 'parameters');
    adam.step(0.01, 0.5);
    engine.blend(target, parameters, 0.1);
  }
  const hash = createHash('sha256');
  for (const { read } of [...parameters.tensors, ...target.tensors, ...adam.state]) hash.update(read());
  return hash.digest('hex').slice(0, 16);
}

test.each([
  ['tanh', '5eea89ae3314d9b6'],
  ['relu', 'a7a42d3aabb8c978'],
] as const)('a training through %s has the same bits every time and on every machine', (activation, bits) => {
  expect([train(activation), train(activation)]).toEqual([bits, bits]);
});

test('moments that decay below what counts become zero, not subnormal', () => {
  const engine = createFastEngine(1);
  const parameters = engine.parameters({ networks: [], vectors: [{ name: 'v', length: 3 }] });
  const adam = engine.adam(parameters, 1e-8);
  const [m, v] = adam.state;
  m?.write([1e-30, -1e-30, 1e-10]);
  v?.write([1e-37, 1e-36, 1e-20]);
  adam.step(1e-3, null);
  expect([...(m?.read() ?? [])]).toEqual([0, 0, expect.closeTo(0.9e-10, 16)]);
  expect([...(v?.read() ?? [])]).toEqual([0, 0, expect.closeTo(0.999e-20, 26)]);
});

test('ten thousand steps take no more memory', () => {
  const engine = createFastEngine(1);
  const c: Case = { seed: 3, inputs: 4, hidden: [8], outputs: 2, activation: 'relu', batch: 4 };
  const { parameters, network, input } = world(engine, c);
  const adam = engine.adam(parameters, 1e-5);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const steps = (count: number): number => {
    for (let step = 0; step < count; step++) {
      network.forward(input, 4);
      network.backward(input, 4, 'both');
      adam.step(1e-3, 0.5);
      engine.blend(parameters, parameters, 0.5);
    }
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = steps(1_000);
  expect(steps(10_000) - before).toBeLessThan(100_000);
});

test('what does not belong or fit is refused', () => {
  const engine = createFastEngine(1);
  const other = createFastEngine(1);
  const c: Case = { seed: 3, inputs: 4, hidden: [8], outputs: 2, activation: 'relu', batch: 4 };
  const { parameters, network, input } = world(engine, c);
  expect(() => network.forward(other.matrix(4, 4), 4)).toThrow('another engine');
  expect(() => network.forward(engine.matrix(9, 4), 5)).toThrow('do not fit');
  expect(() => network.forward(engine.matrix(4, 5), 4)).toThrow('do not fit');
  expect(() => network.forward(input, 4, 1)).toThrow('do not fit');
  expect(() => network.backward(input, 4, 'both', -1)).toThrow('do not fit');
  expect(() => other.adam(parameters, 1e-8)).toThrow('another engine');
  expect(() => parameters.tensors[0]?.write([1])).toThrow('expected 32 numbers, not 1');
  expect(() => engine.matrix(1_000, 1_000)).toThrow(RangeError);
});
