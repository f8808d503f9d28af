import type { Caller } from '../contracts/operation.ts';
import { isStaffOf, mayBeStaff, reachesStudent, runsClass } from '../reach.ts';
import type { Table } from '../table/table.ts';
import type { Job } from './job.ts';

/**
 * Whether somebody may follow a job: whoever may read over HTTP what it is about.
 * - a scratch run: its owner alone
 * - a submission, a training, a policy on its way to a board: the owner, the owner's guardians, the staff of its class or of a class of the owner
 * - a certification, a calibration: the staff of the organisation, who may read the exercise, the item bank
 * - a regrade, a comparison: the teachers of its class
 *
 * Administrators all but scratch runs.
 */
export async function reachesJob(table: Table, caller: Caller, job: Job): Promise<boolean> {
  switch (job.kind) {
    case 'execution':
      return job.owner_id === caller.user_id;
    case 'submission':
    case 'training':
    case 'verification':
      return (
        (job.class_id !== null && (await isStaffOf(table, caller, job.class_id))) ||
        (await reachesStudent(table, caller, { user_id: job.owner_id, org_id: job.org_id }))
      );
    case 'certification':
    case 'calibration':
      return caller.role === 'platform_admin' || (mayBeStaff(caller) && caller.org_id === job.org_id);
    case 'regrade':
    case 'similarity':
      return runsClass(table, caller, job);
  }
}
