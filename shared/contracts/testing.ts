import { contract } from './operation.ts';

/** What the function `testing` serves: item banks, adaptive tests, and what is calibrated of them; a file each. */
export const testingContract = {
  ...contract({}),
} as const;
