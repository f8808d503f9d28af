import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { Quiz, quizOperations } from '#shared/contracts/quizzes.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { hasOpened } from '#shared/domain/quizzes/rules.ts';
import { pageOfGiven } from '#shared/given-to-classes.ts';
import type { Listing } from '#shared/http/paging.ts';
import { pageOfPartition } from '#shared/http/partition.ts';
import { waitsForOpening } from '#shared/reached-class.ts';
import { type QuizRecord, quizTurn, quizzes } from '#shared/table/quiz.ts';
import type { AssessmentWorld } from '../world.ts';
import { shownTo, viewQuizzes } from './view.ts';

type Query = Request<(typeof quizOperations)['listQuizzes']>['query'];
type Keep = (one: QuizRecord) => boolean;

/** By due date: of a class, of a student, or of all classes to which the caller belongs. */
export async function listQuizzes(world: AssessmentWorld, caller: Caller, query: Query): Promise<Page<Quiz>> {
  const listing: Listing = { caller, query, filters: { operation: 'listQuizzes', ...query } };
  const page = await find(world, caller, query, listing);
  return { ...page, items: await viewQuizzes(world, page.items, shownTo(caller, query.student_id)) };
}

const given = {
  entity: quizzes,
  index: 'gsi1',
  partitionOf: (class_id: string) => `class#${class_id}#quizzes`,
  turnOf: quizTurn,
} as const;

function find(
  world: AssessmentWorld,
  caller: Caller,
  query: Query,
  listing: Listing,
): Promise<Page<QuizRecord>> {
  const { table } = world;
  const { class_id, student_id } = query;
  const keep = filterOf(world, caller, query);
  const ofSchool = () =>
    pageOfPartition(table, listing, {
      entity: quizzes,
      index: 'gsi2',
      pk: `org#${caller.org_id}#quizzes`,
      keep,
    });
  return pageOfGiven(table, given, { caller, class_id, student_id, listing, keep, ofSchool });
}

function filterOf(world: AssessmentWorld, caller: Caller, { status }: Query): Keep | undefined {
  const at = world.now().toISOString();
  const waits = waitsForOpening(caller);
  if (!waits && status === undefined) return undefined;
  return (one) => (!waits || hasOpened(one, at)) && (status === undefined || one.status === status);
}
