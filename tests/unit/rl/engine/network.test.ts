import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Engine, Matrix, Network, NetworkPlan, ParameterSet } from '#shared/domain/rl/engine/engine.ts';
import { Pcg64 } from '#shared/domain/rl/index.ts';
import { engines } from './engines.ts';
import { type PlainLayer, plainBackward, plainForward } from './plain.ts';

interface Case {
  readonly seed: number;
  readonly plan: NetworkPlan;
  readonly batch: number;
  readonly firstRow: number;
}

/** Widths around what kernels pad to, and one that is not small. */
const width = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(12, 16, 33, 64));

const cases: fc.Arbitrary<Case> = fc
  .record({
    seed: fc.nat(2 ** 32),
    inputs: width,
    hidden: fc.array(width, { maxLength: 3 }),
    outputs: width,
    activation: fc.constantFrom('tanh', 'relu'),
    maxBatch: fc.integer({ min: 1, max: 20 }),
    less: fc.nat(19),
    firstRow: fc.nat(5),
  })
  .map(({ seed, inputs, hidden, outputs, activation, maxBatch, less, firstRow }) => ({
    seed,
    plan: {
      inputs,
      hidden,
      outputs,
      activation,
      maxBatch,
      names: [...hidden, outputs].map((_, l) => `n.${l}`),
    },
    batch: Math.max(1, maxBatch - less),
    firstRow,
  }));

interface World {
  readonly parameters: ParameterSet;
  readonly network: Network;
  readonly input: Matrix;
  /** The rows that pass through. */
  readonly rows: number[][];
  readonly outputGradients: number[][];
  readonly layers: PlainLayer[];
}

const draw = (random: Pcg64, length: number): number[] =>
  Array.from({ length }, () => Math.fround(random.normal()));

function build(engine: Engine, { seed, plan, batch, firstRow }: Case): World {
  const random = new Pcg64(seed);
  const parameters = engine.parameters({ networks: [plan] });
  const widths = [plan.inputs, ...plan.hidden];
  const layers = [...plan.hidden, plan.outputs].map((outputs, l) => {
    const inputs = widths[l] ?? 0;
    const scale = 1 / Math.sqrt(inputs);
    const weight = Array.from({ length: outputs }, () =>
      draw(random, inputs).map((w) => Math.fround(w * scale)),
    );
    return { weight, bias: draw(random, outputs) };
  });
  layers.forEach(({ weight, bias }, l) => {
    tensor(parameters, `n.${l}.weight`).write(weight.flat());
    tensor(parameters, `n.${l}.bias`).write(bias);
  });
  const input = engine.matrix(firstRow + batch, plan.inputs);
  const all = Array.from({ length: firstRow + batch }, () => draw(random, plan.inputs));
  fill(input, all);
  const outputGradients = Array.from({ length: batch }, () => draw(random, plan.outputs));
  return {
    parameters,
    network: parameters.network(0),
    input,
    rows: all.slice(firstRow),
    outputGradients,
    layers,
  };
}

function tensor(parameters: ParameterSet, name: string) {
  const found = parameters.tensors.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

function fill(matrix: Matrix, rows: readonly number[][]): void {
  rows.forEach((row, r) => {
    row.forEach((x, c) => {
      matrix.data[r * matrix.stride + c] = x;
    });
  });
}

const rowsOf = (matrix: Matrix, count: number): number[][] =>
  Array.from({ length: count }, (_, r) => [
    ...matrix.data.slice(r * matrix.stride, r * matrix.stride + matrix.columns),
  ]);

/** The largest error relative to the vector's size. */
function relativeError(actual: ArrayLike<number>, expected: readonly number[]): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  const scale = Math.max(1, ...expected.map(Math.abs));
  return Math.max(...expected.map((x, i) => Math.abs(x - (actual[i] ?? Number.NaN)))) / scale;
}

describe.each(engines)('networks of the $name engine', ({ engine, tolerance }) => {
  test('forward equals the textbook for every shape, batch and first row', () => {
    fc.assert(
      fc.property(cases, (c) => {
        const { network, input, rows, layers } = build(engine, c);
        network.forward(input, c.batch, c.firstRow);
        const expected = rows.flatMap((row) => plainForward(layers, c.plan.activation, row).at(-1) ?? []);
        expect(relativeError(rowsOf(network.output, c.batch).flat(), expected)).toBeLessThan(tolerance);
      }),
    );
  });

  test('backward equals the textbook: parameters, input, or both', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom('parameters', 'input', 'both'), (c, wanted) => {
        const { parameters, network, input, rows, outputGradients, layers } = build(engine, c);
        const stale = parameters.tensors.map(({ shape }) => new Float64Array(shape.reduce((a, b) => a * b)));
        parameters.tensors.forEach((t, i) => {
          t.writeGradient(stale[i]?.fill(0.5) ?? []);
        });
        network.forward(input, c.batch, c.firstRow);
        fill(network.outputGradient, outputGradients);
        network.backward(input, c.batch, wanted, c.firstRow);
        const expected = plainBackward(layers, c.plan.activation, rows, outputGradients);
        if (wanted !== 'parameters') {
          const gradient = rowsOf(network.inputGradient, c.batch).flat();
          expect(relativeError(gradient, expected.inputs.flat())).toBeLessThan(tolerance);
        }
        expected.layers.forEach(({ weight, bias }, l) => {
          const half = (values: number[]) => values.map(() => 0.5);
          const [w, b] = wanted === 'input' ? [half(weight), half(bias)] : [weight, bias];
          expect(relativeError(tensor(parameters, `n.${l}.weight`).readGradient(), w)).toBeLessThan(
            tolerance,
          );
          expect(relativeError(tensor(parameters, `n.${l}.bias`).readGradient(), b)).toBeLessThan(tolerance);
        });
      }),
    );
  });

  test('a row counts the same in every batch it is in, to the bit', () => {
    fc.assert(
      fc.property(cases, (c) => {
        const { network, input } = build(engine, c);
        network.forward(input, c.batch, c.firstRow);
        const together = rowsOf(network.output, c.batch);
        const alone = together.map((_, r) => {
          network.forward(input, 1, c.firstRow + r);
          return rowsOf(network.output, 1)[0];
        });
        expect(alone).toEqual(together);
      }),
    );
  });

  test.each(['tanh', 'relu'] as const)('what is not a number stays so through %s', (activation) => {
    const plan = { inputs: 3, hidden: [5, 4], outputs: 2, activation, maxBatch: 2, names: ['a', 'b', 'c'] };
    const network = engine.parameters({ networks: [plan] }).network(0);
    const input = engine.matrix(2, 3);
    input.data[1] = Number.NaN;
    network.forward(input, 2);
    expect(rowsOf(network.output, 2)).toEqual([
      [Number.NaN, Number.NaN],
      [0, 0],
    ]);
  });

  test('the tensors are the vectors, the hidden layers of all networks, then their last layers', () => {
    const plan = (name: string, hidden: number[]) => ({
      inputs: 3,
      hidden,
      outputs: 2,
      activation: 'tanh' as const,
      maxBatch: 1,
      names: [...hidden, 2].map((_, l) => `${name}${l}`),
    });
    const { tensors } = engine.parameters({
      networks: [plan('a', [5]), plan('b', []), plan('c', [4])],
      vectors: [{ name: 'log_std', length: 2 }],
    });
    expect(tensors.map(({ name, shape }) => [name, ...shape])).toEqual([
      ['log_std', 2],
      ['a0.weight', 5, 3],
      ['a0.bias', 5],
      ['c0.weight', 4, 3],
      ['c0.bias', 4],
      ['a1.weight', 2, 5],
      ['a1.bias', 2],
      ['b0.weight', 2, 3],
      ['b0.bias', 2],
      ['c1.weight', 2, 4],
      ['c1.bias', 2],
    ]);
    for (const { shape, read } of tensors)
      expect([...read()]).toEqual(Array(shape.reduce((a, b) => a * b)).fill(0));
  });

  test('tensors and their gradients give back what was written, vectors in place', () => {
    const names = ['a', 'b'];
    const plan = { inputs: 3, hidden: [5], outputs: 2, activation: 'relu' as const, maxBatch: 1, names };
    const parameters = engine.parameters({ networks: [plan], vectors: [{ name: 'v', length: 3 }] });
    const random = new Pcg64(4);
    for (const t of parameters.tensors) {
      const size = t.shape.reduce((a, b) => a * b);
      const [values, gradient] = [draw(random, size), draw(random, size)];
      t.write(values);
      t.writeGradient(gradient);
      expect([...t.read()]).toEqual(values);
      expect([...t.readGradient()]).toEqual(gradient);
    }
    const vector = parameters.vector('v');
    expect([...vector.values.slice(0, 3)]).toEqual([...tensor(parameters, 'v').read()]);
    vector.values[1] = 8;
    vector.gradient[2] = 9;
    expect(tensor(parameters, 'v').read()[1]).toBe(8);
    expect(tensor(parameters, 'v').readGradient()[2]).toBe(9);
  });
});
