import { calibrationOperations } from '#shared/contracts/calibrations.ts';
import { examPlanOperations } from '#shared/contracts/exam-plans.ts';
import { examSessionOperations } from '#shared/contracts/exam-sessions.ts';
import { examStatisticsOperations, itemStatisticsOperations } from '#shared/contracts/exam-statistics.ts';
import { gradebookOperations } from '#shared/contracts/gradebook.ts';
import { itemBankOperations } from '#shared/contracts/item-banks.ts';
import { itemOperations } from '#shared/contracts/items.ts';
import { quizOperations } from '#shared/contracts/quizzes.ts';
import { createClient } from '#shared/http/client.ts';
import { options } from './api.ts';

/** Clients of items, quizzes and tests: their pages bring them, or everybody would load their contracts first. */
export const testing = {
  banks: createClient(itemBankOperations, options),
  items: createClient(itemOperations, options),
  quizzes: createClient(quizOperations, options),
  plans: createClient(examPlanOperations, options),
  sessions: createClient(examSessionOperations, options),
  calibrations: createClient(calibrationOperations, options),
  statistics: createClient(examStatisticsOperations, options),
  itemStatistics: createClient(itemStatisticsOperations, options),
  gradebook: createClient(gradebookOperations, options),
};
