import { examPlanOperations } from '#shared/contracts/exam-plans.ts';
import { examSessionOperations } from '#shared/contracts/exam-sessions.ts';
import { gradebookOperations } from '#shared/contracts/gradebook.ts';
import { quizOperations } from '#shared/contracts/quizzes.ts';
import { createClient } from '#shared/http/client.ts';
import { options } from './api.ts';

/** Clients of what students take: they come with its pages, not with what everybody loads first. */
export const taking = {
  quizzes: createClient(quizOperations, options),
  plans: createClient(examPlanOperations, options),
  sessions: createClient(examSessionOperations, options),
  results: createClient({ studentResults: gradebookOperations.studentResults }, options),
};
