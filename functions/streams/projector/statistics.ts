import {
  addResultSums,
  lessResultSums,
  noResultSums,
  type ResultSums,
  resultSumsOf,
} from '#shared/domain/results/sums.ts';
import {
  type ExamResponses,
  type ExamSessionRecord,
  examResponses,
  examSessions,
} from '#shared/table/exam-session.ts';
import {
  type AppliedResult,
  addSums,
  appliedResults,
  classExamSums,
  examStandings,
  itemAnswerSums,
} from '#shared/table/exam-statistics.ts';
import { retried } from '#shared/table/retry.ts';
import type { Table, Write } from '#shared/table/table.ts';
import { changeOfPart, partsOf } from './answers.ts';
import { usageWrites } from './usage.ts';

/**
 * Brings the statistics up to where a session is now: what it adds to its class, its student and its items, less what
 * of it has been counted before, in one transaction with the note of what is counted (several for a long test). It
 * looks at the session and not at the change that called: records that come twice, late or in another order change
 * nothing, and one that was lost is made good by the next.
 */
export async function countSession(table: Table, exam_session_id: string): Promise<void> {
  for (let part = 0, parts = 1; part < parts; part++)
    parts = await retried(() => countPart(table, exam_session_id, part));
}

/** The number of its answers' result; 0: its answers do not count. */
const countedResult = ({ status, source, result_n }: ExamSessionRecord): number =>
  status === 'completed' && source === 'taken' ? result_n : 0;

/** How many parts there are. */
async function countPart(table: Table, exam_session_id: string, part: number): Promise<number> {
  const [session, applied] = await Promise.all([
    table.get(examSessions, { exam_session_id }, { consistent: true }),
    table.get(appliedResults, { exam_session_id, part }, { consistent: true }),
  ]);
  if (!session) return 0;
  const result_n = countedResult(session);
  const [before, after] = await Promise.all([
    resultOf(table, exam_session_id, applied?.result_n ?? 0),
    resultOf(table, exam_session_id, result_n),
  ]);
  const next = {
    exam_session_id,
    part,
    result_n,
    sums: part === 0 ? resultSumsOf(session) : noResultSums,
    used: session.status !== 'in_progress',
  };
  if (applied === undefined || isChanged(applied, next))
    await table.write(
      applied
        ? table.replace(appliedResults, applied, next)
        : table.insert(appliedResults, { ...next, version: 1 }),
      ...(await sumWrites(table, session, lessResultSums(next.sums, applied?.sums ?? noResultSums))),
      ...itemWrites(table, session, changeOfPart(before, after, part)),
      ...(part === 0 && next.used && applied?.used !== true ? await usageWrites(table, session) : []),
    );
  return partsOf(before, after);
}

const resultOf = async (
  table: Table,
  exam_session_id: string,
  result_n: number,
): Promise<ExamResponses | undefined> =>
  result_n === 0 ? undefined : table.get(examResponses, { exam_session_id, result_n }, { consistent: true });

const isNothing = (sums: ResultSums): boolean => Object.values(sums).every((sum) => sum === 0);

const isChanged = (applied: AppliedResult, next: Omit<AppliedResult, 'version'>): boolean =>
  applied.result_n !== next.result_n ||
  applied.used !== next.used ||
  !isNothing(lessResultSums(next.sums, applied.sums));

/** Of the class, and of the student in it, by type. */
async function sumWrites(table: Table, session: ExamSessionRecord, change: ResultSums): Promise<Write[]> {
  if (isNothing(change)) return [];
  const { class_id, exam_type } = session;
  return [
    addSums(table, classExamSums, { class_id, exam_type }, { ...change }),
    await standingWrite(table, session, change),
  ];
}

/** The rank follows from the sums: whoever changed them in between is read again. */
async function standingWrite(
  table: Table,
  { class_id, student_id, exam_type }: ExamSessionRecord,
  change: ResultSums,
): Promise<Write> {
  const id = { class_id, student_id, exam_type };
  const seen = await table.get(examStandings, id, { consistent: true });
  return seen
    ? table.replace(examStandings, seen, { ...id, ...addResultSums(seen, change) })
    : table.insert(examStandings, { ...id, ...change, version: 1 });
}

const itemWrites = (
  table: Table,
  { bank_id }: ExamSessionRecord,
  changes: ReturnType<typeof changeOfPart>,
): Write[] =>
  bank_id === null
    ? []
    : [...changes].map(([item_id, change]) =>
        addSums(table, itemAnswerSums, { bank_id, item_id }, { ...change }),
      );
