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
  type ExamStanding,
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
  const [sessionItem, appliedItem] = await table.getRaw([
    examSessions.key({ exam_session_id }),
    appliedResults.key({ exam_session_id, part }),
  ]);
  if (!sessionItem) return 0;
  const session = examSessions.parse(sessionItem);
  const applied = appliedItem && appliedResults.parse(appliedItem);
  const result_n = countedResult(session);
  const [before, after, standing] = await countedSoFar(table, session, [applied?.result_n ?? 0, result_n]);
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
      ...sumWrites(table, session, standing, lessResultSums(next.sums, applied?.sums ?? noResultSums)),
      ...itemWrites(table, session, changeOfPart(before, after, part)),
      ...(part === 0 && next.used && applied?.used !== true ? await usageWrites(table, session) : []),
    );
  return partsOf(before, after);
}

/** The answers of two results (0: of none), and what the student's sums are. */
async function countedSoFar(
  table: Table,
  session: ExamSessionRecord,
  [before, after]: readonly [number, number],
): Promise<[ExamResponses | undefined, ExamResponses | undefined, ExamStanding | undefined]> {
  const responsesKey = (result_n: number) => examResponses.key({ ...session, result_n });
  const [old, now, standing] = await table.getRaw([
    responsesKey(before),
    responsesKey(after),
    examStandings.key(session),
  ]);
  return [
    old && examResponses.parse(old),
    now && examResponses.parse(now),
    standing && examStandings.parse(standing),
  ];
}

const isNothing = (sums: ResultSums): boolean => Object.values(sums).every((sum) => sum === 0);

const isChanged = (applied: AppliedResult, next: Omit<AppliedResult, 'version'>): boolean =>
  applied.result_n !== next.result_n ||
  applied.used !== next.used ||
  !isNothing(lessResultSums(next.sums, applied.sums));

/** Of the class, and of the student in it, by type. The student's rank follows from the sums, which must be those seen. */
function sumWrites(
  table: Table,
  { class_id, student_id, exam_type }: ExamSessionRecord,
  seen: ExamStanding | undefined,
  change: ResultSums,
): Write[] {
  if (isNothing(change)) return [];
  const id = { class_id, student_id, exam_type };
  return [
    addSums(table, classExamSums, { class_id, exam_type }, { ...change }),
    seen
      ? table.replace(examStandings, seen, { ...id, ...addResultSums(seen, change) })
      : table.insert(examStandings, { ...id, ...change, version: 1 }),
  ];
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
