import { calibrationOperations } from './calibrations.ts';
import { itemStatisticsOperations } from './exam-statistics.ts';
import { itemBankOperations } from './item-banks.ts';
import { itemOperations } from './items.ts';
import { contract } from './operation.ts';

/** What the function `banks` serves: item banks, their items, and what answers say of these; a file each. */
export const banksContract = {
  ...contract({
    ...itemBankOperations,
    ...itemOperations,
    ...itemStatisticsOperations,
    ...calibrationOperations,
  }),
} as const;
