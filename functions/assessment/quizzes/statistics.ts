import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { QuizStatistics, quizOperations } from '#shared/contracts/quizzes.ts';
import {
  type AnalysedAttempt,
  analysable,
  questionStatistics,
  quizSummary,
} from '#shared/domain/quizzes/statistics.ts';
import { shownQuestions } from '#shared/quizzes/freeze.ts';
import { type QuizStanding, type QuizWork, quizStandings, quizWork } from '#shared/table/quiz.ts';
import { reachedQuiz } from '../access.ts';
import type { AssessmentWorld } from '../world.ts';

type Which = Request<(typeof quizOperations)['quizStatistics']>['query']['attempts'];

/** Computed from the answers themselves, read consistently. */
export async function readStatistics(
  world: AssessmentWorld,
  caller: Caller,
  quiz_id: string,
  which: Which,
): Promise<QuizStatistics> {
  const { table } = world;
  const { quiz } = await reachedQuiz(world, caller, quiz_id);
  const [questions, standings] = await Promise.all([
    shownQuestions(world, quiz),
    table.queryAll(quizStandings, { pk: `quiz#${quiz_id}`, prefix: 'standing#' }),
  ]);
  const all = standings.flatMap((standing) => finished(standing, which));
  const { attempts: counted, truncated } = analysable(all, questions.length);
  const attempts = (await table.getMany(quizWork, counted)).flatMap(analysed);
  return {
    quiz_id,
    truncated,
    ...quizSummary(
      counted.map(({ percent }) => percent),
      attempts,
    ),
    questions: questions.map((question) => questionStatistics(question, attempts)),
  };
}

function finished({ tries }: QuizStanding, which: Which) {
  const all = tries.flatMap(({ attempt_id, percent, at }) =>
    percent === null ? [] : [{ attempt_id, percent, at }],
  );
  if (which === 'all') return all;
  return which === 'first' ? all.slice(0, 1) : all.slice(-1);
}

const analysed = (work: QuizWork | undefined): AnalysedAttempt[] =>
  work?.scores ? [{ answers: work.answers, scores: work.scores }] : [];
