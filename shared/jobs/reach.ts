import type { Caller } from '../contracts/operation.ts';
import { isStaffOf, reachesStudent } from '../reach.ts';
import type { Table } from '../table/table.ts';
import type { Job } from './job.ts';

/**
 * The owner, the staff of its class or of a class of the owner, the owner's guardians, administrators. A scratch run
 * is its owner's alone.
 */
export async function reachesJob(table: Table, caller: Caller, job: Job): Promise<boolean> {
  if (job.kind === 'execution') return job.owner_id === caller.user_id;
  if (job.class_id !== null && (await isStaffOf(table, caller, job.class_id))) return true;
  return reachesStudent(table, caller, { user_id: job.owner_id, org_id: job.org_id });
}
