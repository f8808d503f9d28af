import { createHash } from 'node:crypto';
import type { Caller } from '#shared/contracts/operation.ts';
import { attemptsAllowed, deadlineOf, limitEnd, shutBecause } from '#shared/domain/quizzes/rules.ts';
import { conflict, notFound } from '#shared/errors.ts';
import { isUnderWay, settled, type Taken } from '#shared/quizzes/attempt.ts';
import { progressEvent } from '#shared/quizzes/events.ts';
import { enrollments } from '#shared/table/enrollment.ts';
import { quizGates } from '#shared/table/gate.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { students } from '#shared/table/profile.ts';
import {
  type QuizAttemptRecord,
  type QuizRecord,
  type QuizStanding,
  type QuizWork,
  quizAttempts,
  quizStandings,
  quizWork,
} from '#shared/table/quiz.ts';
import { retried } from '#shared/table/retry.ts';
import { ConditionFailed, type Write } from '#shared/table/table.ts';
import { noSuchAttempt, reachedQuiz } from '../access.ts';
import type { AssessmentWorld } from '../world.ts';

const shut = {
  not_open: () => conflict('quiz.not_open', 'This quiz has not opened yet.'),
  closed: () => conflict('quiz.closed', 'This quiz is closed; nobody begins any more.'),
  past_due: () => conflict('quiz.past_due', 'This quiz was due, and takes nothing after that.'),
};
const noneLeft = (allowed: number) =>
  conflict(
    'quiz.no_attempts_left',
    allowed === 1 ? 'This quiz may be taken once.' : `All ${allowed} attempts have been made.`,
  );

/** Begins an attempt; one that is under way is gone on with, wherever it was begun. */
export function startAttempt(
  world: AssessmentWorld,
  caller: Caller,
  {
    quiz_id,
    idempotency_key: key,
  }: { readonly quiz_id: string; readonly idempotency_key: string | undefined },
): Promise<Taken> {
  const { table, now } = world;
  return idempotently(
    table,
    { caller, operation: 'startQuizAttempt', key, body: { quiz_id }, now: now() },
    (once) =>
      retried(async () => {
        const { quiz } = await reachedQuiz(world, caller, quiz_id);
        const standing = await readStanding(world, caller, quiz_id);
        const present = await underWay(world, standing);
        if (!present) return beginAttempt(world, caller, { quiz, standing, once });
        await table.write(...once(present.attempt.attempt_id));
        return present;
      }),
    async (attempt_id) => {
      const begun = await settled(world, attempt_id);
      if (!begun) throw noSuchAttempt();
      return begun;
    },
  );
}

export const readStanding = (
  { table }: AssessmentWorld,
  { user_id }: Caller,
  quiz_id: string,
): Promise<QuizStanding | undefined> =>
  table.get(quizStandings, { quiz_id, student_id: user_id }, { consistent: true });

/** The attempt that goes on, if there is one. */
export async function underWay(
  world: AssessmentWorld,
  standing: QuizStanding | undefined,
): Promise<Taken | undefined> {
  const last = standing?.tries.at(-1);
  if (last?.status !== 'in_progress') return undefined;
  const taken = await settled(world, last.attempt_id);
  if (taken && isUnderWay(taken)) return taken;
  // it ended, just now or a moment before: the standing is another by now
  throw new ConditionFailed(undefined);
}

interface Beginning {
  readonly quiz: QuizRecord;
  /** As it was read: whoever begins or ends an attempt meanwhile makes this one fail. */
  readonly standing: QuizStanding | undefined;
  readonly once?: (attempt_id: string) => Write[];
}

/**
 * The next attempt of a student who has none under way.
 *
 * @throws 409 where nothing begins any more, ConditionFailed where the standing is another by now
 */
export async function beginAttempt(
  world: AssessmentWorld,
  caller: Caller,
  { quiz, standing, once = () => [] }: Beginning,
): Promise<Taken> {
  const { table, now } = world;
  const at = now();
  const reason = shutBecause(quiz, at.toISOString());
  if (reason) throw shut[reason]();
  const number = (standing?.tries.length ?? 0) + 1;
  if (number > attemptsAllowed(quiz)) throw noneLeft(attemptsAllowed(quiz));
  const enrolled = { class_id: quiz.class_id, student_id: caller.user_id };
  const [enrollment, profile] = await Promise.all([
    table.get(enrollments, enrolled, { consistent: true }),
    table.get(students, caller, { consistent: true }),
  ]);
  if (!enrollment) throw notFound('quiz');
  const { attempt, work } = newAttempt(quiz, {
    attempt_id: world.newId(),
    number,
    student: enrollment,
    time_factor: profile?.time_factor ?? 1,
    started_at: at.toISOString(),
  });
  await table.write(
    ...once(attempt.attempt_id),
    table.insert(quizAttempts, attempt),
    table.insert(quizWork, work),
    standingWrite(world, standing, attempt),
    table.check(enrollments, enrolled),
    quizGates.isOpen(table, quiz.quiz_id, caller.user_id, at),
    progressEvent(world, attempt),
  );
  return { attempt, work };
}

interface New {
  readonly attempt_id: string;
  readonly number: number;
  readonly student: { readonly student_id: string; readonly student_name: string };
  readonly time_factor: number;
  readonly started_at: string;
}

function newAttempt(quiz: QuizRecord, { student, time_factor, ...stamp }: New): Taken {
  const { quiz_id, org_id, class_id, content_number, max_score, shuffle_options, shuffle_questions } = quiz;
  const { student_id, student_name } = student;
  const time_limit_s = quiz.time_limit_s === null ? null : quiz.time_limit_s * time_factor;
  const limit_at = limitEnd(stamp.started_at, time_limit_s);
  const deadline_at = deadlineOf(quiz, limit_at);
  const attempt: QuizAttemptRecord = {
    ...stamp,
    ...{ quiz_id, org_id, class_id, student_id, student_name, content_number, max_score },
    quiz_title: quiz.title,
    ...{ shuffle_questions, shuffle_options, seed: seedOf(stamp.attempt_id) },
    ...{ limit_at, deadline_at, time_limit_s, time_factor },
    status: 'in_progress',
    submitted_at: null,
    late: false,
    score: null,
    percent: null,
    client_time_taken_s: null,
    version: 1,
  };
  const work: QuizWork = {
    ...{ attempt_id: stamp.attempt_id, quiz_id, student_id, content_number, deadline_at },
    answers: {},
    saved: 0,
    saved_at: null,
    scores: null,
    version: 1,
  };
  return { attempt, work };
}

/** Every attempt is shuffled in its own way. */
const seedOf = (attempt_id: string): number =>
  createHash('sha256').update(attempt_id).digest().readUInt32BE();

/** The first attempt makes the standing; of two that begin at once the second finds it changed, and reads again. */
function standingWrite(
  { table }: AssessmentWorld,
  before: QuizStanding | undefined,
  { quiz_id, student_id, attempt_id, started_at }: QuizAttemptRecord,
): Write {
  const begun = {
    attempt_id,
    status: 'in_progress' as const,
    percent: null,
    late: false,
    at: started_at,
  };
  return before
    ? table.replace(quizStandings, before, { ...before, tries: [...before.tries, begun] })
    : table.insert(quizStandings, { quiz_id, student_id, tries: [begun], version: 1 });
}
