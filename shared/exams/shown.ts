import type { ExamSession } from '../contracts/exam-sessions.ts';
import type { Caller } from '../contracts/operation.ts';
import { bandOf } from '../domain/exams/result.ts';
import type { ExamSessionRecord } from '../table/exam-session.ts';
import { isTaker } from './reach.ts';

export type Shown = ExamSession['result'];

/** What of a result the caller may see: staff all of it, students and guardians what the feedback policy allows. */
export function shownTo(caller: Pick<Caller, 'role'>, { status, theta, feedback }: ExamSessionRecord): Shown {
  if (!isTaker(caller)) return theta === null && status !== 'in_progress' ? 'none' : 'theta';
  if (status !== 'completed' || theta === null) return 'none';
  return feedback.when === 'never' ? 'hidden' : feedback.show;
}

/** The result of a session, as far as the caller may see it. */
export function toldResult(
  caller: Pick<Caller, 'role'>,
  session: ExamSessionRecord,
): Pick<ExamSession, 'result' | 'score' | 'band' | 'theta' | 'standard_error'> {
  const { score, theta, standard_error } = session;
  const result = shownTo(caller, session);
  const tells = (...words: Shown[]): boolean => words.includes(result);
  return {
    result,
    score: tells('score', 'theta') ? score : null,
    band: tells('band', 'score', 'theta') && theta !== null ? bandOf(theta, standard_error) : null,
    theta: tells('theta') ? theta : null,
    standard_error: tells('theta') ? standard_error : null,
  };
}
