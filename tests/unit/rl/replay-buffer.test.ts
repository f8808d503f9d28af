import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ReplayBatch, ReplayBuffer } from '#shared/domain/rl/algorithms/replay-buffer.ts';
import type { Space } from '#shared/domain/rl/index.ts';
import { createEngine, Pcg64 } from '#shared/domain/rl/index.ts';
import { rowsOf } from './engine/matrices.ts';

const engine = createEngine('reference');
const box: Space = { kind: 'box', low: [-9, -9], high: [9, 9] };

function batchOf(count: number, observationSize: number): ReplayBatch {
  return {
    observations: engine.matrix(count, observationSize),
    nextObservations: engine.matrix(count, observationSize),
    actions: new Float64Array(count),
    rewards: new Float64Array(count),
    dones: new Float64Array(count),
  };
}

const bufferOf = (capacity: number, observationSpace: Space = box) =>
  new ReplayBuffer({ capacity, observationSpace, actionSize: 1 });

/** Adds the transition whose numbers are all made of n. */
function add(buffer: ReplayBuffer, n: number): void {
  const vector = (x: number) => Float64Array.of(x, x + 0.5);
  buffer.add(vector(n), 0, vector(n + 1), 0, Float64Array.of(n % 3), 0, n, n % 2);
}

/** All that it holds, and where it goes on. */
const contents = (buffer: ReplayBuffer) =>
  [...buffer.sections(buffer.rows), buffer.cursorSection].map(({ name, read }) => [name, Array.from(read())]);

test('a sample holds whole transitions, each as often as any other', () => {
  const buffer = bufferOf(5);
  for (let n = 0; n < 8; n++) add(buffer, n); // 0, 1 and 2 are forgotten
  const batch = batchOf(1000, 2);
  buffer.sample(batch, 1000, new Pcg64(1));
  const counts = new Map<number, number>();
  rowsOf(batch.observations, 1000).forEach((row, i) => {
    const n = batch.rewards[i] ?? 0;
    counts.set(n, (counts.get(n) ?? 0) + 1);
    expect([...row, ...(rowsOf(batch.nextObservations, i + 1)[i] ?? [])]).toEqual([
      n,
      n + 0.5,
      n + 1,
      n + 1.5,
    ]);
    expect([batch.actions[i], batch.dones[i]]).toEqual([n % 3, n % 2]);
  });
  expect([...counts.keys()].sort()).toEqual([3, 4, 5, 6, 7]);
  for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(60);
});

test('discrete observations are kept as indices and come out one-hot', () => {
  const buffer = bufferOf(4, { kind: 'discrete', n: 500 });
  buffer.add(Float64Array.of(0, 7), 1, Float64Array.of(499), 0, Float64Array.of(2), 0, -1, 1);
  const kept = buffer.sections(1).map(({ name, shape }) => [name, ...shape]);
  expect(kept).toContainEqual(['observations', 1, 1]);
  const batch = batchOf(1, 500);
  buffer.sample(batch, 1, new Pcg64(1));
  const hot = (row: number[] = []) => row.flatMap((x, i) => (x === 0 ? [] : [[i, x]]));
  expect(hot(rowsOf(batch.observations, 1)[0])).toEqual([[7, 1]]);
  expect(hot(rowsOf(batch.nextObservations, 1)[0])).toEqual([[499, 1]]);
});

test('going back undoes everything since the mark, however often the buffer went round', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 7 }),
      fc.nat(20),
      fc.nat(20),
      fc.nat(20),
      (capacity, before, undone, after) => {
        const [plain, marked] = [bufferOf(capacity), bufferOf(capacity)];
        for (let n = 0; n < before; n++) for (const buffer of [plain, marked]) add(buffer, n);
        marked.mark();
        for (let n = 0; n < undone; n++) add(marked, 100 + n);
        marked.goBack();
        expect(contents(marked)).toEqual(contents(plain));
        for (let n = 0; n < after; n++) for (const buffer of [plain, marked]) add(buffer, 200 + n);
        expect(contents(marked)).toEqual(contents(plain));
      },
    ),
  );
});
