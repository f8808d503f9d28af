import type { Caller, Request } from '#shared/contracts/operation.ts';
import type { QuizResult, quizOperations } from '#shared/contracts/quizzes.ts';
import { changesNothing, type GivenAnswers } from '#shared/domain/quizzes/answers.ts';
import { attemptsAllowed } from '#shared/domain/quizzes/rules.ts';
import { conflict, forbidden } from '#shared/errors.ts';
import { readAttempt, type Taken } from '#shared/quizzes/attempt.ts';
import type { QuizRecord, QuizStanding } from '#shared/table/quiz.ts';
import { retried } from '#shared/table/retry.ts';
import { reachedQuiz } from '../access.ts';
import type { AssessmentWorld } from '../world.ts';
import { ended, refuseUnfit } from './save.ts';
import { beginAttempt, readStanding, underWay } from './start.ts';
import { submitAttempt } from './submit.ts';
import { viewAttempt } from './view.ts';

type Body = Request<(typeof quizOperations)['submitQuiz']>['body'];

/** Answers a whole quiz at once: the attempt under way, or a new one of a quiz without a time limit. */
export async function submitQuiz(world: AssessmentWorld, caller: Caller, body: Body): Promise<QuizResult> {
  if (body.user_id !== undefined && body.user_id !== caller.user_id)
    throw forbidden('owner_mismatch', 'One answers for oneself only: leave user_id out.');
  const { quiz } = await reachedQuiz(world, caller, body.quiz_id);
  const answers = byItem(quiz, body.answers);
  const taken = await retried(async () => {
    const standing = await readStanding(world, caller, quiz.quiz_id);
    const present = await underWay(world, standing);
    const before = present ? undefined : await lastOf(world, standing);
    if (before && changesNothing(before.work.answers, answers) && isWhole(before, answers)) return before;
    const { attempt } = present ?? (await begun(world, caller, quiz, { standing, before, answers }));
    const { client_time_taken_s } = body;
    return submitAttempt(world, caller, { attempt_id: attempt.attempt_id, answers, client_time_taken_s });
  });
  return viewResult(world, taken);
}

/** Answers by the ids of the items; a question may be called by the id that it was given with. */
function byItem({ questions }: QuizRecord, given: Body['answers']): GivenAnswers {
  const ids = new Map(
    questions.flatMap(({ item_id, external_id }) =>
      external_id === null ? [] : [[external_id, item_id] as const],
    ),
  );
  return Object.fromEntries(Object.entries(given).map(([name, answer]) => [ids.get(name) ?? name, answer]));
}

async function lastOf(
  world: AssessmentWorld,
  standing: QuizStanding | undefined,
): Promise<Taken | undefined> {
  const last = standing?.tries.at(-1);
  return last && readAttempt(world, last.attempt_id);
}

/** Whether the attempt has no other answers than these. */
const isWhole = ({ work }: Taken, answers: GivenAnswers): boolean =>
  Object.keys(work.answers).every((item_id) => Object.hasOwn(answers, item_id));

interface Fresh {
  readonly standing: QuizStanding | undefined;
  readonly before: Taken | undefined;
  readonly answers: GivenAnswers;
}

async function begun(
  world: AssessmentWorld,
  caller: Caller,
  quiz: QuizRecord,
  { standing, before, answers }: Fresh,
): Promise<Taken> {
  if (before && before.attempt.number >= attemptsAllowed(quiz)) throw ended(before.attempt);
  if (quiz.time_limit_s !== null)
    throw conflict('quiz.not_started', 'This quiz has a time limit: begin an attempt first.');
  // nothing begins that could not be handed in
  await refuseUnfit(world, quiz, answers);
  return beginAttempt(world, caller, { quiz, standing });
}

async function viewResult(world: AssessmentWorld, taken: Taken): Promise<QuizResult> {
  const { attempt, work } = taken;
  const { result, questions } = await viewAttempt(world, taken, 'owner');
  return {
    ...attempt,
    user_id: attempt.student_id,
    total_questions: questions.length,
    correct_answers: result?.questions ? (work.scores ?? []).filter(({ correct }) => correct).length : null,
    score: result?.score ?? null,
    percent: result?.percent ?? null,
    questions: result?.questions ?? null,
  };
}
