import type * as z from 'zod';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { quizOperations, quizProgress } from '#shared/contracts/quizzes.ts';
import type { Page } from '#shared/contracts/shapes.ts';
import { countedPercent } from '#shared/domain/quizzes/counted.ts';
import { type Listing, paginate } from '#shared/http/paging.ts';
import { type EnrollmentRecord, enrollments } from '#shared/table/enrollment.ts';
import { startAfter } from '#shared/table/entity.ts';
import { type QuizRecord, type QuizStanding, quizStandings } from '#shared/table/quiz.ts';
import { reachedQuiz } from '../access.ts';
import type { AssessmentWorld } from '../world.ts';

type Progress = z.output<typeof quizProgress>;
type Query = Request<(typeof quizOperations)['quizProgress']>['query'];

interface Line {
  readonly enrollment: EnrollmentRecord;
  readonly progress: Progress;
}

/** Who has done what: the whole roster by name, those who have not begun too. */
export async function listProgress(
  world: AssessmentWorld,
  caller: Caller,
  quiz_id: string,
  query: Query,
): Promise<Page<Progress>> {
  const { quiz, ofClass } = await reachedQuiz(world, caller, quiz_id);
  const { status } = query;
  const page = await paginate<Line>(
    { caller, query, filters: { operation: 'quizProgress', quiz_id, status } } satisfies Listing,
    async (start, limit) => {
      const roster = await world.table.query(enrollments, {
        index: 'gsi1',
        pk: `class#${quiz.class_id}#roster`,
        limit,
        start,
      });
      return { items: await linesOf(world, quiz, roster.items), next: roster.next };
    },
    {
      ...(status !== undefined && { keep: (line: Line) => line.progress.status === status }),
      keyOf: ({ enrollment }) => startAfter(enrollments, enrollment, 'gsi1'),
      total: status === undefined ? ofClass.student_count : null,
    },
  );
  return { ...page, items: page.items.map(({ progress }) => progress) };
}

async function linesOf(
  { table }: AssessmentWorld,
  quiz: QuizRecord,
  roster: readonly EnrollmentRecord[],
): Promise<Line[]> {
  const standings = await table.getMany(
    quizStandings,
    roster.map(({ student_id }) => ({ quiz_id: quiz.quiz_id, student_id })),
  );
  return roster.map((enrollment, at) => ({
    enrollment,
    progress: progressOf(quiz, enrollment, standings[at]),
  }));
}

function progressOf(
  { counts }: QuizRecord,
  { student_id, student_name }: EnrollmentRecord,
  standing: QuizStanding | undefined,
): Progress {
  const tries = standing?.tries ?? [];
  const last = tries.at(-1);
  return {
    student_id,
    student_name,
    status: last?.status ?? 'not_started',
    attempts: tries.length,
    percent: countedPercent(tries, counts),
    late: last?.late ?? false,
    last_attempt_id: last?.attempt_id ?? null,
    last_at: last?.at ?? null,
  };
}
