import { describe, expect, test } from 'vitest';
import type { Engine, ParameterSet } from '#shared/domain/rl/engine/engine.ts';
import { Pcg64 } from '#shared/domain/rl/index.ts';
import { largestDifference } from '../recorded.ts';
import { engines } from './engines.ts';

const plan = {
  networks: [
    { inputs: 3, hidden: [5], outputs: 2, activation: 'tanh', maxBatch: 1, names: ['a', 'b'] },
    { inputs: 3, hidden: [], outputs: 1, activation: 'tanh', maxBatch: 1, names: ['c'] },
  ],
  vectors: [{ name: 'log_std', length: 2 }],
} as const;

/** Values or gradients of all tensors in one list. */
const values = ({ tensors }: ParameterSet): number[] => tensors.flatMap((t) => [...t.read()]);

function write(parameters: ParameterSet, random: Pcg64, what: 'write' | 'writeGradient'): number[] {
  return parameters.tensors.flatMap((t) => {
    const length = t.shape.reduce((a, b) => a * b);
    const drawn = Array.from({ length }, () => Math.fround(random.normal()));
    t[what](drawn);
    return drawn;
  });
}

/** Adam and the clipping of the norm as PyTorch documents them. */
class PlainAdam {
  t = 0;
  m: number[] = [];
  v: number[] = [];
  step(theta: number[], gradient: number[], rate: number, epsilon: number, maxNorm: number | null): number {
    const norm = Math.hypot(...gradient);
    const scale = maxNorm === null ? 1 : Math.min(1, maxNorm / (norm + 1e-6));
    this.t += 1;
    gradient.forEach((g, i) => {
      const m = 0.9 * (this.m[i] ?? 0) + 0.1 * g * scale;
      const v = 0.999 * (this.v[i] ?? 0) + 0.001 * (g * scale) ** 2;
      this.m[i] = m;
      this.v[i] = v;
      const corrected = Math.sqrt(v / (1 - 0.999 ** this.t));
      theta[i] = (theta[i] ?? 0) - (rate * (m / (1 - 0.9 ** this.t))) / (corrected + epsilon);
    });
    return norm;
  }
}

function moved(engine: Engine, seed: number) {
  const random = new Pcg64(seed);
  const parameters = engine.parameters(plan);
  const theta = write(parameters, random, 'write');
  return { random, parameters, theta, adam: engine.adam(parameters, 1e-5) };
}

describe.each(engines)('optimisers of the $name engine', ({ engine, tolerance }) => {
  test.each([null, 0.5, 1e6])('Adam with gradients clipped to a norm of %s', (maxNorm) => {
    const { random, parameters, theta, adam } = moved(engine, 1);
    const plain = new PlainAdam();
    for (let step = 0; step < 20; step++) {
      const gradient = write(parameters, random, 'writeGradient');
      const norm = adam.step(0.01, maxNorm);
      const expected = plain.step(theta, gradient, 0.01, 1e-5, maxNorm);
      expect(Math.abs(norm - (maxNorm === null ? 0 : expected))).toBeLessThan(10 * tolerance);
    }
    expect(largestDifference(values(parameters), theta)).toBeLessThan(tolerance);
  });

  test('the norm of gradients that are not numbers is none', () => {
    const { parameters, adam } = moved(engine, 2);
    parameters.tensors.at(-1)?.writeGradient([Number.NaN]);
    expect(adam.step(0.01, 0.5)).toBeNaN();
  });

  test('its state continues it exactly in another, at the precision it names', () => {
    const first = moved(engine, 3);
    for (let step = 0; step < 3; step++) {
      write(first.parameters, first.random, 'writeGradient');
      first.adam.step(0.01, 0.5);
    }
    const second = moved(engine, 4);
    const stored = (values: Float64Array, precision: string) =>
      precision === 'F32' ? Float32Array.from(values) : values;
    second.parameters.tensors.forEach((t, i) => {
      const saved = first.parameters.tensors[i];
      t.write(stored(saved?.read() ?? new Float64Array(), saved?.precision ?? ''));
    });
    second.adam.state.forEach((part, i) => {
      const saved = first.adam.state[i];
      part.write(stored(saved?.read() ?? new Float64Array(), saved?.precision ?? ''));
    });
    for (const { parameters, adam } of [first, second]) {
      write(parameters, new Pcg64(9), 'writeGradient');
      adam.step(0.02, 0.5);
    }
    expect(values(second.parameters)).toEqual(values(first.parameters));
    expect(second.adam.state.map(({ read }) => [...read()])).toEqual(
      first.adam.state.map(({ read }) => [...read()]),
    );
    expect(first.adam.state.map(({ shape, read }) => read().length - shape.reduce((a, b) => a * b))).toEqual(
      first.adam.state.map(() => 0),
    );
  });

  test('blending moves a part of the way, and copies exactly with 1', () => {
    const { parameters: source } = moved(engine, 5);
    const { parameters: target } = moved(engine, 6);
    const [from, to] = [values(source), values(target)];
    engine.blend(target, source, 0.25);
    const expected = to.map((x, i) => 0.75 * x + 0.25 * (from[i] ?? 0));
    expect(largestDifference(values(target), expected)).toBeLessThan(tolerance);
    expect(values(source)).toEqual(from);
    engine.blend(target, source, 1);
    expect(values(target)).toEqual(from);
  });
});
