import type { ObjectStore } from '#shared/aws/objects.ts';
import type { SchoolSettings } from '#shared/env.ts';
import type { Clock } from '#shared/ids.ts';
import type { JobWorld } from '#shared/jobs/advance.ts';

/** What the use-cases of this function work with. */
export interface TestingWorld extends Clock, JobWorld {
  readonly settings: SchoolSettings;
  /** Published versions of item banks (`banks/`) and reports of calibrations (`calibrations/`). */
  readonly objects: ObjectStore;
}
