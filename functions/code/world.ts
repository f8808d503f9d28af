import type { SchoolSettings } from '#shared/env.ts';
import type { ReceiptSecrets } from '#shared/identity/receipts.ts';
import type { Clock } from '#shared/ids.ts';
import type { JobWorld } from '#shared/jobs/advance.ts';

/** What the use-cases of this function work with. */
export interface CodeWorld extends Clock, JobWorld {
  /** The school's name, as in its file. */
  readonly school: string;
  readonly settings: SchoolSettings;
  /** Asks for one grader task, where none is there; a request too many costs nothing. */
  readonly askForGrader: () => Promise<void>;
  /** The key that signs grade receipts, and nothing else, and the salts of the tests that they name. */
  readonly receiptSecrets: () => Promise<ReceiptSecrets>;
}
