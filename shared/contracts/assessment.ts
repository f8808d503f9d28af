import { contract } from './operation.ts';

/** What the function `assessment` serves: quizzes. */
export const assessmentContract = {
  ...contract({}),
} as const;
