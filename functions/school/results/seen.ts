import type { Caller } from '#shared/contracts/operation.ts';
import { isTaker } from '#shared/exams/reach.ts';
import { classesOf } from '#shared/reach.ts';
import { type ExamSessionRecord, examSessions } from '#shared/table/exam-session.ts';
import { isAdmin } from '../access.ts';
import type { World } from '../world.ts';

/** Results of which classes the caller may see of a student whom they reach: all, or of those where they are staff. */
export async function seenClasses(world: World, caller: Caller): Promise<(class_id: string) => boolean> {
  if (isTaker(caller) || isAdmin(caller)) return () => true;
  const taught = new Set(await classesOf(world.table, caller.user_id));
  return (class_id) => taught.has(class_id);
}

/** A student's sessions, the newest first: as many as one takes in a school life. */
export const sessionsOf = ({ table }: World, student_id: string): Promise<ExamSessionRecord[]> =>
  table.queryAll(examSessions, { index: 'gsi1', pk: `user#${student_id}#exams`, backwards: true });
