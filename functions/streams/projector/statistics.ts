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
  appliedResults,
  classExamSums,
  type ExamStanding,
  examStandings,
  itemAnswerSums,
} from '#shared/table/exam-statistics.ts';
import { retried } from '#shared/table/retry.ts';
import type { Table, Write } from '#shared/table/table.ts';
import { type Addition, additionTo, packed, type Share, writesOf } from './additions.ts';
import { changeOfPart, partsOf } from './answers.ts';
import { usageWrites } from './usage.ts';

/**
 * Brings the statistics up to where sessions are now: what each adds to its class, its student and its items, less what
 * of it has been counted before, in one transaction with the note of what is counted (several for a long test). It
 * looks at the session and not at the change that called: records that come twice, late or in another order change
 * nothing, and one that was lost is made good by the next. A class that ends at once is counted together as far as a
 * transaction has room, which adds to each item once for many sessions; what does not fit is counted by itself.
 *
 * @returns what failed, by session
 */
export async function countSessions(
  table: Table,
  exam_session_ids: readonly string[],
): Promise<ReadonlyMap<string, unknown>> {
  const failures = new Map<string, unknown>();
  // what does not work for all of them shows with each
  const left = exam_session_ids.length > 1 ? await countTogether(table, exam_session_ids) : exam_session_ids;
  for (const exam_session_id of left)
    try {
      await countAlone(table, exam_session_id);
    } catch (error) {
      failures.set(exam_session_id, error);
    }
  return failures;
}

async function countAlone(table: Table, exam_session_id: string): Promise<void> {
  for (let part = 0, parts = 1; part < parts; part++)
    parts = await retried(async () => {
      const [counting] = await countings(table, [{ exam_session_id, part }]);
      if (counting?.share) await table.write(...writesOf([counting.share]));
      return counting?.parts ?? 0;
    });
}

/** The sessions that are still to be counted. */
async function countTogether(table: Table, exam_session_ids: readonly string[]): Promise<string[]> {
  const left = new Set(exam_session_ids);
  try {
    const found = await countings(
      table,
      exam_session_ids.map((exam_session_id) => ({ exam_session_id, part: 0 })),
    );
    const short = found.filter(({ parts }) => parts <= 1);
    for (const { exam_session_id, share } of short) if (!share) left.delete(exam_session_id);
    for (const pack of packed(short.flatMap(({ share }) => share ?? []))) {
      await table.write(...writesOf(pack));
      for (const { exam_session_id } of pack) left.delete(exam_session_id);
    }
  } catch {
    // somebody else wrote meanwhile, or one of them is damaged: each is tried by itself
  }
  return [...left];
}

interface Part {
  readonly exam_session_id: string;
  readonly part: number;
}

interface Counting {
  readonly exam_session_id: string;
  /** How many parts there are. */
  readonly parts: number;
  /** What is to be written for this one; undefined: it is counted. */
  readonly share: Share | undefined;
}

/** The number of its answers' result; 0: its answers do not count. */
const countedResult = ({ status, source, result_n }: ExamSessionRecord): number =>
  status === 'completed' && source === 'taken' ? result_n : 0;

interface Known {
  readonly session: ExamSessionRecord;
  readonly part: number;
  readonly applied: AppliedResult | undefined;
}

/** What is to be counted of parts of sessions; those that do not exist are left out. */
async function countings(table: Table, parts: readonly Part[]): Promise<Counting[]> {
  const heads = await table.getRaw(parts.flatMap((id) => [examSessions.key(id), appliedResults.key(id)]));
  const known = parts.flatMap(({ part }, at): Known[] => {
    const [session, applied] = [heads[2 * at], heads[2 * at + 1]];
    return session
      ? [{ session: examSessions.parse(session), part, applied: applied && appliedResults.parse(applied) }]
      : [];
  });
  const more = await table.getRaw(
    known.flatMap(({ session, applied }) => [
      examResponses.key({ ...session, result_n: applied?.result_n ?? 0 }),
      examResponses.key({ ...session, result_n: countedResult(session) }),
      examStandings.key(session),
    ]),
  );
  return Promise.all(
    known.map((one, at) => {
      const [before, after, standing] = more.slice(3 * at, 3 * at + 3);
      return countingOf(table, one, {
        before: before && examResponses.parse(before),
        after: after && examResponses.parse(after),
        standing: standing && examStandings.parse(standing),
      });
    }),
  );
}

interface Seen {
  readonly before: ExamResponses | undefined;
  readonly after: ExamResponses | undefined;
  readonly standing: ExamStanding | undefined;
}

async function countingOf(
  table: Table,
  { session, part, applied }: Known,
  { before, after, standing }: Seen,
): Promise<Counting> {
  const { exam_session_id } = session;
  const next = {
    exam_session_id,
    part,
    result_n: countedResult(session),
    sums: part === 0 ? resultSumsOf(session) : noResultSums,
    used: session.status !== 'in_progress',
  };
  const parts = partsOf(before, after);
  if (applied && !isChanged(applied, next)) return { exam_session_id, parts, share: undefined };
  const change = lessResultSums(next.sums, applied?.sums ?? noResultSums);
  const note = applied
    ? table.replace(appliedResults, applied, next)
    : table.insert(appliedResults, { ...next, version: 1 });
  const uses = part === 0 && next.used && applied?.used !== true;
  const share = {
    exam_session_id,
    own: [
      note,
      ...standingWrites(table, session, standing, change),
      ...(uses ? await usageWrites(table, session) : []),
    ],
    added: [
      ...classAddition(table, session, change),
      ...itemAdditions(table, session, changeOfPart(before, after, part)),
    ],
  };
  return { exam_session_id, parts, share };
}

const isNothing = (sums: ResultSums): boolean => Object.values(sums).every((sum) => sum === 0);

const isChanged = (applied: AppliedResult, next: Omit<AppliedResult, 'version'>): boolean =>
  applied.result_n !== next.result_n ||
  applied.used !== next.used ||
  !isNothing(lessResultSums(next.sums, applied.sums));

/** Of the student in the class, by type. The student's rank follows from the sums, which must be those seen. */
function standingWrites(
  table: Table,
  { class_id, student_id, exam_type }: ExamSessionRecord,
  seen: ExamStanding | undefined,
  change: ResultSums,
): Write[] {
  if (isNothing(change)) return [];
  const id = { class_id, student_id, exam_type };
  return [
    seen
      ? table.replace(examStandings, seen, { ...id, ...addResultSums(seen, change) })
      : table.insert(examStandings, { ...id, ...change, version: 1 }),
  ];
}

const classAddition = (
  table: Table,
  { class_id, exam_type }: ExamSessionRecord,
  change: ResultSums,
): Addition[] =>
  isNothing(change) ? [] : [additionTo(table, classExamSums, { class_id, exam_type }, { ...change })];

const itemAdditions = (
  table: Table,
  { bank_id }: ExamSessionRecord,
  changes: ReturnType<typeof changeOfPart>,
): Addition[] =>
  bank_id === null
    ? []
    : [...changes].map(([item_id, change]) =>
        additionTo(table, itemAnswerSums, { bank_id, item_id }, { ...change }),
      );
