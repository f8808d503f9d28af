import type { Caller } from '../contracts/operation.ts';
import { administers, isStaffOf, runsClass } from '../reach.ts';
import type { ExamSessionRecord } from '../table/exam-session.ts';
import { guardianLinks } from '../table/guardian.ts';
import type { Table } from '../table/table.ts';

type Who = Pick<Caller, 'user_id' | 'role' | 'org_id'>;
type Of = Pick<ExamSessionRecord, 'org_id' | 'class_id' | 'student_id'>;

/** Who took it, their guardians, the staff of the class in which it was taken, administrators. */
export async function reachesExam(table: Table, caller: Who, exam: Of): Promise<boolean> {
  const { org_id, class_id, student_id } = exam;
  if (caller.user_id === student_id || administers(caller, org_id)) return true;
  if (caller.org_id !== org_id) return false;
  if (caller.role === 'guardian')
    return (
      (await table.get(guardianLinks, { guardian_id: caller.user_id, student_id }, { consistent: true })) !==
      undefined
    );
  return isStaffOf(table, caller, class_id);
}

/** As a teacher of its class, or from above. */
export const runsExam = (table: Table, caller: Who, exam: Of): Promise<boolean> =>
  runsClass(table, caller, exam);

/** Whom results are told by the plan's feedback policy only. */
export const isTaker = ({ role }: Pick<Caller, 'role'>): boolean => role === 'student' || role === 'guardian';
