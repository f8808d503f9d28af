import type * as z from 'zod';
import type { ExamType } from '#shared/contracts/exam-shapes.ts';
import { examType } from '#shared/contracts/exam-shapes.ts';
import type { classExamStats, studentExamStats } from '#shared/contracts/exam-statistics.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import {
  addResultSums,
  noResultSums,
  type ResultSums,
  resultSumsOf,
  summaryOf,
} from '#shared/domain/results/sums.ts';
import { isTaker } from '#shared/exams/reach.ts';
import { toldResult } from '#shared/exams/shown.ts';
import { type ExamSessionRecord, examSessions } from '#shared/table/exam-session.ts';
import { classExamSums, examRanksKey, examStandings } from '#shared/table/exam-statistics.ts';
import { reachedClass, reachedStudent } from '../access.ts';
import type { World } from '../world.ts';
import { seenClasses, sessionsOf } from './seen.ts';

type StudentStats = z.output<typeof studentExamStats>;
type ClassStats = z.output<typeof classExamStats>;

interface TypedSums {
  readonly exam_type: ExamType;
  readonly sums: ResultSums;
}

const byType = (rows: readonly TypedSums[]) =>
  examType.options.flatMap((exam_type) => {
    const sums = rows
      .filter((row) => row.exam_type === exam_type)
      .reduce((all, row) => addResultSums(all, row.sums), noResultSums);
    return sums.total === 0 ? [] : [{ exam_type, ...summaryOf(sums) }];
  });

const together = (rows: readonly TypedSums[]) =>
  summaryOf(rows.reduce((all, { sums }) => addResultSums(all, sums), noResultSums));

const endOf = ({ started_at, ended_at }: ExamSessionRecord): string => ended_at ?? started_at;

export async function readStudentStats(
  world: World,
  caller: Caller,
  student_id: string,
): Promise<StudentStats> {
  await reachedStudent(world, caller, student_id);
  return studentStats(world, caller, student_id);
}

/** Of a student whom the caller reaches. */
export const studentStats = (world: World, caller: Caller, student_id: string): Promise<StudentStats> =>
  isTaker(caller) ? shownStats(world, caller, student_id) : countedStats(world, caller, student_id);

/** From what was counted, in the classes that are the caller's business. */
async function countedStats(world: World, caller: Caller, student_id: string): Promise<StudentStats> {
  const sees = await seenClasses(world, caller);
  const [standings, latest] = await Promise.all([
    world.table.queryAll(examStandings, { pk: `user#${student_id}`, prefix: 'examstanding#' }),
    newestSession(world, `user#${student_id}#exams`, 'gsi1', ({ class_id }) => sees(class_id)),
  ]);
  const rows = standings.flatMap(({ exam_type, class_id, ...sums }): TypedSums[] =>
    sees(class_id) ? [{ exam_type, sums }] : [],
  );
  return { student_id, ...together(rows), latest_exam_date: latest, by_type: byType(rows) };
}

/** For students and guardians: from the sessions, of each as much as its plan's feedback policy tells. */
async function shownStats(world: World, caller: Caller, student_id: string): Promise<StudentStats> {
  const sessions = await sessionsOf(world, student_id);
  const rows = sessions.map((session): TypedSums => {
    const { status, exam_type } = session;
    return { exam_type, sums: resultSumsOf({ status, ...toldResult(caller, session) }) };
  });
  const [newest] = sessions;
  return {
    student_id,
    ...together(rows),
    latest_exam_date: newest ? endOf(newest) : null,
    by_type: byType(rows),
  };
}

/** When the last one that began has ended, or began. */
async function newestSession(
  { table }: World,
  pk: string,
  index: 'gsi1' | 'gsi2',
  fits: (session: ExamSessionRecord) => boolean,
): Promise<string | null> {
  let start: Record<string, unknown> | undefined;
  do {
    const page = await table.query(examSessions, { index, pk, backwards: true, limit: 5, start });
    const found = page.items.find(fits);
    if (found) return endOf(found);
    start = page.next;
  } while (start);
  return null;
}

export async function readClassStats(world: World, caller: Caller, class_id: string): Promise<ClassStats> {
  const { table } = world;
  await reachedClass(world, caller, class_id);
  const [counted, ranked, latest] = await Promise.all([
    table.queryAll(classExamSums, { pk: `class#${class_id}`, prefix: 'examsums#' }),
    table.queryAll(examStandings, { index: 'gsi1', pk: examRanksKey(class_id) }),
    newestSession(world, `class#${class_id}#exams`, 'gsi2', () => true),
  ]);
  const rows = counted.map(({ exam_type, ...sums }) => ({ exam_type, sums }));
  return {
    class_id,
    ...together(rows),
    latest_exam_date: latest,
    students: new Set(ranked.map(({ student_id }) => student_id)).size,
    by_type: byType(rows),
  };
}
