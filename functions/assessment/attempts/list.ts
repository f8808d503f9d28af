import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { QuizAttempt, quizOperations } from '#shared/contracts/quizzes.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { type Listing, pageOf } from '#shared/http/paging.ts';
import { pageOfPartition } from '#shared/http/partition.ts';
import { linkedStudents } from '#shared/reach.ts';
import { type QuizAttemptRecord, type QuizRecord, quizAttempts, quizStandings } from '#shared/table/quiz.ts';
import { reachedQuiz, type Viewer } from '../access.ts';
import type { AssessmentWorld } from '../world.ts';
import { viewLine } from './view.ts';

type Query = Request<(typeof quizOperations)['listQuizAttempts']>['query'];

/** The newest first: all of them for the staff, of others those that are theirs. */
export async function listAttempts(
  world: AssessmentWorld,
  caller: Caller,
  quiz_id: string,
  query: Query,
): Promise<Page<QuizAttempt>> {
  const { quiz } = await reachedQuiz(world, caller, quiz_id);
  const listing: Listing = { caller, query, filters: { operation: 'listQuizAttempts', quiz_id, ...query } };
  const whose = await studentsFor(world, caller, query.student_id);
  const page =
    whose === undefined
      ? await ofQuiz(world, quiz, query, listing)
      : pageOf(listing, await ofStudents(world, quiz, whose, query));
  const viewer: Viewer =
    caller.role === 'student' ? 'owner' : caller.role === 'guardian' ? 'guardian' : 'staff';
  const at = world.now().toISOString();
  return { ...page, items: page.items.map((attempt) => viewLine(quiz, attempt, viewer, at)) };
}

/** Whose attempts are listed; undefined: everybody's. */
async function studentsFor(
  { table }: AssessmentWorld,
  caller: Caller,
  wanted: string | undefined,
): Promise<string[] | undefined> {
  if (caller.role !== 'student' && caller.role !== 'guardian')
    return wanted === undefined ? undefined : [wanted];
  const theirs = caller.role === 'student' ? [caller.user_id] : await linkedStudents(table, caller.user_id);
  return wanted === undefined ? theirs : theirs.filter((one) => one === wanted);
}

const ofQuiz = (
  { table }: AssessmentWorld,
  { quiz_id }: QuizRecord,
  { status }: Query,
  listing: Listing,
): Promise<Page<QuizAttemptRecord>> =>
  pageOfPartition(table, listing, {
    entity: quizAttempts,
    index: 'gsi2',
    pk: `quiz#${quiz_id}#attempts`,
    backwards: true,
    keep: status === undefined ? undefined : (one) => one.status === status,
  });

/** Through the standings, so that what has just begun or ended is there. */
async function ofStudents(
  { table }: AssessmentWorld,
  { quiz_id }: QuizRecord,
  students: readonly string[],
  { status }: Query,
): Promise<QuizAttemptRecord[]> {
  const standings = await table.getMany(
    quizStandings,
    students.map((student_id) => ({ quiz_id, student_id })),
  );
  const tries = standings.flatMap((standing) => standing?.tries ?? []);
  const found = (await table.getMany(quizAttempts, tries)).filter((one) => one !== undefined);
  return found
    .filter((one) => status === undefined || one.status === status)
    .sort((a, b) => (a.started_at > b.started_at ? -1 : 1));
}
