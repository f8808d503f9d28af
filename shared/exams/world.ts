import type { ObjectReader } from '../aws/objects.ts';
import type { Table } from '../table/table.ts';

/** What it takes to run adaptive tests. */
export interface ExamWorld {
  readonly table: Table;
  readonly now: () => Date;
  /** Published versions of banks are read from here. */
  readonly objects: ObjectReader;
}
