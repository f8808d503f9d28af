import type { Table, Write } from '../table/table.ts';
import type { Job } from './job.ts';

/** What else is written when a job is given up, by its kind. */
export async function failureWrites(_table: Table, _job: Job): Promise<Write[]> {
  return [];
}
