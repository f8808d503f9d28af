import type { ObjectReader, ObjectStore } from '#shared/aws/objects.ts';
import type { SchoolSettings } from '#shared/env.ts';
import type { Clock } from '#shared/ids.ts';
import type { JobWorld } from '#shared/jobs/advance.ts';

/** What the use-cases of both functions work with. */
export interface TestingWorld extends Clock, JobWorld {
  readonly settings: SchoolSettings;
  /** Published versions of item banks (`banks/`) and reports of calibrations (`calibrations/`). */
  readonly objects: ObjectReader;
}

/** What those work with that publish banks. */
export interface BanksWorld extends TestingWorld {
  readonly objects: ObjectStore;
}
