import { calibrationOperations } from './calibrations.ts';
import { catOperations } from './cat.ts';
import { examPlanOperations } from './exam-plans.ts';
import { examSessionOperations } from './exam-sessions.ts';
import { itemStatisticsOperations } from './exam-statistics.ts';
import { itemBankOperations } from './item-banks.ts';
import { itemOperations } from './items.ts';
import { contract } from './operation.ts';

/** What the function `testing` serves: item banks, adaptive tests, and what is calibrated of them; a file each. */
export const testingContract = {
  ...contract({
    ...itemBankOperations,
    ...itemOperations,
    ...itemStatisticsOperations,
    ...examPlanOperations,
    ...examSessionOperations,
    ...calibrationOperations,
    ...catOperations,
  }),
} as const;
