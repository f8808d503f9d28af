import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Addition, packed, type Share, writesOf } from '#functions/streams/projector/additions.ts';
import type { Write } from '#shared/table/table.ts';

const written = (pk: string, sums: object = {}): Write => ({
  item: { Put: { TableName: 'school', Item: { pk, sk: 'x', ...sums } } },
  orElse: undefined,
});
const itemOf = ({ item }: Write) => (item.Put?.Item ?? {}) as { pk: string; n?: number; x: number };
const addition = (name: string, sums: Addition['sums']): Addition => ({
  name,
  sums,
  write: (all) => written(name, all),
});

/** Sessions of a class: each has a note of its own, the student's standing, and adds to some items. */
const share = fc.record({
  student: fc.nat(40),
  items: fc.uniqueArray(fc.nat(120), { maxLength: 85 }),
  x: fc.nat(9),
});
const classOf = fc.array(share, { maxLength: 60 }).map((all) =>
  all.map(
    ({ student, items, x }, at): Share => ({
      exam_session_id: `exam-${at}`,
      own: [written(`note-${at}`), written(`student-${student}`)],
      added: [addition('class', { n: 1, x }), ...items.map((item) => addition(`item-${item}`, { n: 1, x }))],
    }),
  ),
);

const total = (writes: readonly Write[]): Map<string, { n: number; x: number }> => {
  const sums = new Map<string, { n: number; x: number }>();
  for (const { pk, n, x } of writes.map(itemOf)) {
    if (n === undefined) continue;
    const before = sums.get(pk) ?? { n: 0, x: 0 };
    sums.set(pk, { n: before.n + n, x: before.x + x });
  }
  return sums;
};

test('a transaction has at most a hundred writes, no two of the same item, and nothing is lost or added twice', () => {
  fc.assert(
    fc.property(classOf, (shares) => {
      const packs = packed(shares);
      for (const pack of packs) {
        const names = writesOf(pack).map((write) => itemOf(write)['pk']);
        expect(names.length).toBeLessThanOrEqual(100);
        expect(new Set(names).size).toBe(names.length);
        expect(pack.length).toBeGreaterThan(0);
      }
      const together = packs.flat();
      expect(new Set(together).size).toBe(together.length);
      expect(total(packs.flatMap(writesOf))).toEqual(total(together.flatMap((one) => writesOf([one]))));
    }),
    { seed: 5, numRuns: 200 },
  );
});

test('of several that would write the same item on their condition the first alone is in', () => {
  fc.assert(
    fc.property(classOf, (shares) => {
      const students = shares.map(({ own }) => itemOf(own[1] ?? written(''))['pk']);
      const firsts = shares.filter((_, at) => students.indexOf(students[at] ?? '') === at);
      expect(packed(shares).flat()).toEqual(firsts);
    }),
    { seed: 6, numRuns: 200 },
  );
});

test('those who answered the same items share a transaction', () => {
  const same = Array.from(
    { length: 30 },
    (_, at): Share => ({
      exam_session_id: `exam-${at}`,
      own: [written(`note-${at}`), written(`student-${at}`)],
      added: Array.from({ length: 20 }, (_, item) => addition(`item-${item}`, { n: 1 })),
    }),
  );
  expect(packed(same).map((pack) => pack.length)).toEqual([30]);
});
