import type { SchoolSettings } from '#shared/env.ts';
import type { Clock } from '#shared/ids.ts';
import type { Table } from '#shared/table/table.ts';

/** What the use-cases of this function work with. */
export interface AssessmentWorld extends Clock {
  readonly table: Table;
  readonly settings: SchoolSettings;
  /** How long events are kept. */
  readonly events_days: number;
}
