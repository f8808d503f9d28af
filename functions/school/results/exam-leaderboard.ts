import type { examStatisticsOperations, Leaderboard } from '#shared/contracts/exam-statistics.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import {
  aliasOf,
  bandOfRank,
  type Mode,
  placesShown,
  ranksOf,
  showsMore,
} from '#shared/domain/results/places.ts';
import {
  addResultSums,
  noResultSums,
  type ResultSums,
  resultSumsOf,
  summaryOf,
} from '#shared/domain/results/sums.ts';
import { forbidden } from '#shared/errors.ts';
import { toldResult } from '#shared/exams/shown.ts';
import { enrollments } from '#shared/table/enrollment.ts';
import { examRanksKey, examStandings } from '#shared/table/exam-statistics.ts';
import { reachedClass } from '../access.ts';
import type { World } from '../world.ts';
import { sessionsOf } from './seen.ts';

type Query = Request<(typeof examStatisticsOperations)['examLeaderboard']>['query'];
type Entry = Leaderboard['entries'][number];
type Averages = Pick<Entry, 'exam_count' | 'average_score' | 'average_theta'>;

interface Place {
  readonly student_id: string;
  readonly name: string;
  readonly rank: number;
  readonly averages: Averages;
}

/** The students of a class by their average θ: all for its staff, for students as kindly as the class's mode says. */
export async function readLeaderboard(
  world: World,
  caller: Caller,
  class_id: string,
  { mode, exam_type }: Query,
): Promise<Leaderboard> {
  const { leaderboard: usual } = await reachedClass(world, caller, class_id);
  const type = exam_type ?? null;
  const isStudent = caller.role === 'student';
  if (isStudent && mode !== undefined && showsMore(mode, usual))
    throw forbidden('leaderboard.mode', 'This class shows less than that of its leaderboard.');
  const places = await placesOf(world, class_id, type);
  const board = { class_id, exam_type: type, ranked: places.length };
  if (!isStudent && mode === undefined)
    return { ...board, mode: null, me: null, entries: places.map((place) => inFull(place)) };
  const shown = mode ?? usual;
  const own = isStudent ? await ownResults(world, caller, class_id, type) : undefined;
  const mine = own && places.find(({ student_id }) => student_id === caller.user_id);
  const entries = places
    .slice(0, placesShown(shown, places.length))
    .map((place, at) => forStudents(place, at, shown, { own, isMine: place === mine }));
  const me = mine && own ? { band: bandOfRank(mine.rank, places.length), ...own.averages } : null;
  return { ...board, mode: shown, me, entries };
}

const averagesOf = (sums: ResultSums): Averages => {
  const { completed_exams, average_score, average_theta } = summaryOf(sums);
  return { exam_count: completed_exams, average_score, average_theta };
};

/** Of those who are in the class now. */
async function placesOf({ table }: World, class_id: string, exam_type: string | null): Promise<Place[]> {
  const standings = await table.queryAll(examStandings, {
    index: 'gsi1',
    pk: examRanksKey(class_id),
    ...(exam_type !== null && { prefix: `${exam_type}#` }),
  });
  const sums = [...Map.groupBy(standings, ({ student_id }) => student_id)].map(([student_id, theirs]) => ({
    student_id,
    averages: averagesOf(theirs.reduce<ResultSums>(addResultSums, noResultSums)),
  }));
  const enrolled = await table.getMany(
    enrollments,
    sums.map(({ student_id }) => ({ class_id, student_id })),
  );
  const present = sums
    .flatMap((one, at) => {
      const name = enrolled[at]?.student_name;
      return name === undefined ? [] : [{ ...one, name, theta: one.averages.average_theta ?? 0 }];
    })
    .toSorted((a, b) => b.theta - a.theta || (a.student_id < b.student_id ? -1 : 1));
  const ranks = ranksOf(present.map(({ theta }) => theta));
  return present.map(({ theta: _, ...place }, at) => ({ ...place, rank: ranks[at] ?? at + 1 }));
}

const inFull = ({ student_id, name, rank, averages }: Place): Entry => ({
  rank,
  student_id,
  name,
  alias: null,
  is_me: false,
  ...averages,
});

/**
 * One's own averages are of the results that one may know, and where one may not know them all, of others none. θ of
 * others is theirs.
 */
function forStudents(
  { rank, student_id, name, averages }: Place,
  at: number,
  mode: Mode,
  { own, isMine }: { readonly own: OwnResults | undefined; readonly isMine: boolean },
): Entry {
  const isNamed = mode !== 'anonymous';
  const isWithheld = own?.isWithheld === true;
  return {
    rank,
    student_id: isNamed ? student_id : null,
    name: isNamed ? name : null,
    alias: isNamed ? null : aliasOf(at),
    is_me: isMine,
    exam_count: averages.exam_count,
    ...(isMine && own
      ? own.averages
      : { average_score: isWithheld ? null : averages.average_score, average_theta: null }),
  };
}

interface OwnResults {
  readonly averages: Averages;
  /** Whether a feedback policy keeps a score from them. */
  readonly isWithheld: boolean;
}

/** What the student may know of their own results in the class. */
async function ownResults(
  world: World,
  caller: Caller,
  class_id: string,
  exam_type: string | null,
): Promise<OwnResults> {
  const sessions = await sessionsOf(world, caller.user_id);
  const sums = sessions
    .filter((one) => one.class_id === class_id && (exam_type === null || one.exam_type === exam_type))
    .map((one) => resultSumsOf({ status: one.status, ...toldResult(caller, one) }));
  const all = sums.reduce(addResultSums, noResultSums);
  return { averages: averagesOf(all), isWithheld: all.scores < all.completed };
}
