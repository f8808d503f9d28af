import type { Caller } from '#shared/contracts/operation.ts';
import { changesNothing, type GivenAnswers, merged } from '#shared/domain/quizzes/answers.ts';
import { endAttempt, isUnderWay, settled, type Taken } from '#shared/quizzes/attempt.ts';
import { retried } from '#shared/table/retry.ts';
import { noSuchAttempt } from '../access.ts';
import type { AssessmentWorld } from '../world.ts';
import { ended, refuseUnfit } from './save.ts';

interface HandIn {
  readonly attempt_id: string;
  readonly answers: GivenAnswers;
  readonly client_time_taken_s?: number | null;
}

/**
 * Hands an attempt in, with the last answers. However often it is asked for, one of them ends the attempt; the others
 * get what it came to, or 409 where they bring other answers.
 */
export function submitAttempt(
  world: AssessmentWorld,
  caller: Caller,
  { attempt_id, answers, client_time_taken_s = null }: HandIn,
): Promise<Taken> {
  return retried(async () => {
    const taken = await settled(world, attempt_id);
    if (taken?.attempt.student_id !== caller.user_id) throw noSuchAttempt();
    if (!isUnderWay(taken)) {
      if (changesNothing(taken.work.answers, answers)) return taken;
      throw ended(taken.attempt);
    }
    await refuseUnfit(world, taken.work, answers);
    return endAttempt(world, taken, {
      status: 'submitted',
      answers: merged(taken.work.answers, answers),
      client_time_taken_s,
    });
  });
}
