import type { Caller } from '#shared/contracts/operation.ts';
import { hasOpened } from '#shared/domain/quizzes/rules.ts';
import { notFound } from '#shared/errors.ts';
import { administers, isStaffOf, staffRole } from '#shared/reach.ts';
import { isAdmin, notForAssistants, reachedClass, waitsForOpening } from '#shared/reached-class.ts';
import type { ClassRecord } from '#shared/table/class.ts';
import { guardianLinks } from '#shared/table/guardian.ts';
import { type QuizAttemptRecord, type QuizRecord, quizzes } from '#shared/table/quiz.ts';
import type { AssessmentWorld } from './world.ts';

const noSuchQuiz = () => notFound('quiz');
export const noSuchAttempt = () => notFound('quiz_attempt');

interface Reached {
  readonly quiz: QuizRecord;
  readonly ofClass: ClassRecord;
}

async function memberQuiz(world: AssessmentWorld, caller: Caller, quiz_id: string): Promise<Reached> {
  const quiz = await world.table.get(quizzes, { quiz_id }, { consistent: true });
  if (!quiz) throw noSuchQuiz();
  return { quiz, ofClass: await reachedClass(world, caller, quiz.class_id, noSuchQuiz) };
}

/** A quiz of a class to which the caller belongs; students and guardians know of it once it has opened. */
export async function reachedQuiz(world: AssessmentWorld, caller: Caller, quiz_id: string): Promise<Reached> {
  const reached = await memberQuiz(world, caller, quiz_id);
  if (waitsForOpening(caller) && !hasOpened(reached.quiz, world.now().toISOString())) throw noSuchQuiz();
  return reached;
}

/** A quiz of a class that the caller runs. */
export async function taughtQuiz(world: AssessmentWorld, caller: Caller, quiz_id: string): Promise<Reached> {
  const reached = await memberQuiz(world, caller, quiz_id);
  if (isAdmin(caller)) return reached;
  if ((await staffRole(world.table, caller, reached.quiz.class_id)) !== 'teacher') throw notForAssistants();
  return reached;
}

/** As whom somebody looks at an attempt. */
export type Viewer = 'owner' | 'guardian' | 'staff';

export async function viewerOf(
  { table }: AssessmentWorld,
  caller: Caller,
  { student_id, org_id, class_id }: QuizAttemptRecord,
): Promise<Viewer | undefined> {
  if (caller.user_id === student_id) return 'owner';
  if (administers(caller, org_id)) return 'staff';
  if (caller.org_id !== org_id) return undefined;
  if (caller.role === 'guardian') {
    const link = { guardian_id: caller.user_id, student_id };
    return (await table.get(guardianLinks, link, { consistent: true })) && 'guardian';
  }
  return (await isStaffOf(table, caller, class_id)) ? 'staff' : undefined;
}
