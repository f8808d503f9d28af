import { expect, test } from 'vitest';
import { noItemSums } from '#shared/domain/irt/index.ts';
import { noResultSums, resultSumsOf } from '#shared/domain/results/sums.ts';
import type { Entity } from '#shared/table/entity.ts';
import {
  appliedResults,
  classExamSums,
  examStandings,
  itemAnswerSums,
} from '#shared/table/exam-statistics.ts';

const keysOf = <Item extends object, Id>(of: Entity<Item, Id>, item: Item): string[] => {
  const stored = of.stored(item);
  return ['', 'gsi1', 'gsi2', 'gsi3'].flatMap((index) =>
    `${index}pk` in stored ? [`${index || 'table'}: ${stored[`${index}pk`]} / ${stored[`${index}sk`]}`] : [],
  );
};
const standing = { class_id: 'c1', student_id: 'u1', exam_type: 'final' as const, version: 1 };
const completed = (theta: number) => resultSumsOf({ status: 'completed', theta, score: 500 });

test('every sum stands where its access patterns look for it', () => {
  const applied = { exam_session_id: 'e1', part: 1, result_n: 2, sums: noResultSums, used: true, version: 1 };
  expect(keysOf(appliedResults, applied)).toEqual(['table: exam#e1 / applied#1']);
  expect(keysOf(classExamSums, { class_id: 'c1', exam_type: 'final', ...noResultSums })).toEqual([
    'table: class#c1 / examsums#final',
  ]);
  expect(keysOf(itemAnswerSums, { bank_id: 'b1', item_id: 'i1', ...noItemSums })).toEqual([
    'table: bank#b1#sums / item#i1',
  ]);
  expect(keysOf(examStandings, { ...standing, ...completed(0) })).toEqual([
    'table: user#u1 / examstanding#c1#final',
    'gsi1: class#c1#examranks / final#8000000000000000#u1',
  ]);
});

test('only who completed an exam is ranked, by θ also below zero', () => {
  expect(keysOf(examStandings, { ...standing, ...noResultSums, total: 1 })).toHaveLength(1);
  const rank = (theta: number) => keysOf(examStandings, { ...standing, ...completed(theta) })[1] ?? '';
  const thetas = [-3.5, -3.25, -0.001, 0, 0.001, 1, 1.5, 6];
  expect(thetas.map(rank).toSorted()).toEqual(thetas.map(rank));
});
