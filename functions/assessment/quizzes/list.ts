import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { Quiz, quizOperations } from '#shared/contracts/quizzes.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { hasOpened } from '#shared/domain/quizzes/rules.ts';
import { type Listing, pageOf } from '#shared/http/paging.ts';
import { pageOfPartition } from '#shared/http/partition.ts';
import {
  attendedClasses,
  isAdmin,
  memberClasses,
  reachedClass,
  waitsForOpening,
} from '#shared/reached-class.ts';
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

async function find(
  world: AssessmentWorld,
  caller: Caller,
  query: Query,
  listing: Listing,
): Promise<Page<QuizRecord>> {
  const { table } = world;
  const { class_id, student_id } = query;
  const keep = filterOf(world, caller, query);
  if (class_id !== undefined) await reachedClass(world, caller, class_id);
  if (student_id !== undefined) {
    const attended = await attendedClasses(world, caller, student_id);
    const wanted = class_id === undefined ? attended : attended.filter((one) => one === class_id);
    return ofClasses(world, wanted, listing, keep);
  }
  if (class_id !== undefined)
    return pageOfPartition(table, listing, {
      entity: quizzes,
      index: 'gsi1',
      pk: `class#${class_id}#quizzes`,
      keep,
    });
  if (!isAdmin(caller)) return ofClasses(world, await memberClasses(world, caller), listing, keep);
  return pageOfPartition(table, listing, {
    entity: quizzes,
    index: 'gsi2',
    pk: `org#${caller.org_id}#quizzes`,
    keep,
  });
}

function filterOf(world: AssessmentWorld, caller: Caller, { status }: Query): Keep | undefined {
  const at = world.now().toISOString();
  const waits = waitsForOpening(caller);
  if (!waits && status === undefined) return undefined;
  return (one) => (!waits || hasOpened(one, at)) && (status === undefined || one.status === status);
}

/** A person has few classes, and a class the quizzes of a year: they are read whole and put in one order. */
async function ofClasses(
  { table }: AssessmentWorld,
  class_ids: readonly string[],
  listing: Listing,
  keep: Keep = () => true,
): Promise<Page<QuizRecord>> {
  const found = await Promise.all(
    class_ids.map((class_id) => table.queryAll(quizzes, { index: 'gsi1', pk: `class#${class_id}#quizzes` })),
  );
  const sorted = found
    .flat()
    .filter(keep)
    .sort((a, b) => (quizTurn(a) < quizTurn(b) ? -1 : 1));
  return pageOf(listing, sorted);
}
