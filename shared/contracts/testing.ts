import { catOperations } from './cat.ts';
import { examPlanOperations } from './exam-plans.ts';
import { examSessionOperations } from './exam-sessions.ts';
import { contract } from './operation.ts';

/** What the function `testing` serves: adaptive tests; a file each. It has the engine, `banks` has not. */
export const testingContract = {
  ...contract({ ...examPlanOperations, ...examSessionOperations, ...catOperations }),
} as const;
