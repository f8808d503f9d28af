import type { SavedAnswers } from '../domain/quizzes/answers.ts';
import { isLate, isOverdue, lengthened } from '../domain/quizzes/rules.ts';
import { scoreAttempt } from '../domain/quizzes/score.ts';
import {
  type QuizAttemptRecord,
  type QuizRecord,
  type QuizStanding,
  type QuizWork,
  quizAttempts,
  quizStandings,
  quizWork,
  quizzes,
} from '../table/quiz.ts';
import { retried } from '../table/retry.ts';
import { ConditionFailed } from '../table/table.ts';
import { contentOf } from './content.ts';
import { progressEvent, type QuizWorld } from './events.ts';

/** An attempt with its answers. */
export interface Taken {
  readonly attempt: QuizAttemptRecord;
  readonly work: QuizWork;
}

export const isUnderWay = ({ attempt }: Taken): boolean => attempt.status === 'in_progress';

/** The two are read apart: somebody may end the attempt in between. */
const isTorn = ({ attempt, work }: Taken): boolean =>
  (attempt.status === 'in_progress') !== (work.scores === null);

/** The attempt as it stands at one moment; undefined where there is none. */
export function readAttempt({ table }: QuizWorld, attempt_id: string): Promise<Taken | undefined> {
  return retried(async () => {
    const [attempt, work] = await Promise.all([
      table.get(quizAttempts, { attempt_id }, { consistent: true }),
      table.get(quizWork, { attempt_id }, { consistent: true }),
    ]);
    if (!attempt || !work) return undefined;
    const taken = { attempt, work };
    if (isTorn(taken)) throw new ConditionFailed(undefined);
    return taken;
  });
}

export async function quizOf(
  { table }: Pick<QuizWorld, 'table'>,
  { quiz_id }: { readonly quiz_id: string },
): Promise<QuizRecord> {
  const quiz = await table.get(quizzes, { quiz_id }, { consistent: true });
  // it cannot be deleted while it has attempts
  if (!quiz) throw new Error(`quiz ${quiz_id} of an attempt is not there`);
  return quiz;
}

interface Ending {
  readonly status: 'submitted' | 'expired';
  readonly answers: SavedAnswers;
  readonly client_time_taken_s: number | null;
}

/**
 * Ends an attempt and scores it: attempt, answers, standing and event in one transaction.
 *
 * @throws ConditionFailed when somebody saved or ended it since it was read
 */
export async function endAttempt(
  world: QuizWorld,
  { attempt, work }: Taken,
  { status, answers, client_time_taken_s }: Ending,
): Promise<Taken> {
  const { table, now } = world;
  const [quiz, content, standing] = await Promise.all([
    quizOf(world, attempt),
    contentOf(table, attempt),
    table.get(quizStandings, attempt, { consistent: true }),
  ]);
  if (!standing) throw new Error(`attempt ${attempt.attempt_id} has no standing`);
  const at = now().toISOString();
  const { deadline_at } = attempt;
  // what arrives within the grace was on its way in time
  const submitted_at = deadline_at !== null && deadline_at < at ? deadline_at : at;
  const { questions: scores, score, max_score, percent } = scoreAttempt(content.questions, answers);
  const ended: QuizAttemptRecord = {
    ...attempt,
    ...{ status, submitted_at, score, max_score, percent, client_time_taken_s },
    late: isLate(quiz, submitted_at),
    version: attempt.version + 1,
  };
  const scored: QuizWork = { ...work, answers, scores, version: work.version + 1 };
  await table.write(
    table.replace(quizAttempts, attempt, ended),
    table.replace(quizWork, work, scored),
    table.replace(quizStandings, standing, standingAfter(standing, ended, submitted_at)),
    progressEvent(world, ended),
  );
  return { attempt: ended, work: scored };
}

/** The standing in which the attempt's own line is as the attempt. */
const standingAfter = (
  standing: QuizStanding,
  { attempt_id, status, percent, late }: QuizAttemptRecord,
  at: string,
): QuizStanding => ({
  ...standing,
  tries: standing.tries.map((one) =>
    one.attempt_id === attempt_id ? { attempt_id, status, percent, late, at } : one,
  ),
});

/**
 * The attempt as it is by the clock: one whose time is over is ended with what was saved; where the quiz gives more
 * time by now, its deadline moves.
 */
export function settled(world: QuizWorld, attempt_id: string): Promise<Taken | undefined> {
  return retried(async () => {
    const taken = await readAttempt(world, attempt_id);
    if (!taken || !isUnderWay(taken) || !isOverdue(taken.attempt.deadline_at, world.now())) return taken;
    const deadline_at = lengthened(await quizOf(world, taken.attempt), taken.attempt);
    const promised = {
      attempt: { ...taken.attempt, deadline_at },
      work: { ...taken.work, deadline_at },
    };
    return isOverdue(deadline_at, world.now())
      ? endAttempt(world, promised, {
          status: 'expired',
          answers: promised.work.answers,
          client_time_taken_s: null,
        })
      : moved(world, promised);
  });
}

/** The attempt with the deadline that it has now. */
async function moved({ table }: QuizWorld, { attempt, work }: Taken): Promise<Taken> {
  await table.write(table.replace(quizAttempts, attempt, attempt), table.replace(quizWork, work, work));
  return {
    attempt: { ...attempt, version: attempt.version + 1 },
    work: { ...work, version: work.version + 1 },
  };
}
