import type { examSessionOperations } from '#shared/contracts/exam-sessions.ts';
import type { Handlers } from '#shared/http/serve.ts';
import { startExam } from '../session-start.ts';
import type { TestingWorld } from '../world.ts';
import { amendAttempt } from './amend.ts';
import { answerItem, nextItem } from './answer.ts';
import { changeExam } from './change.ts';
import { importExams } from './import.ts';
import { listAttempts, listExams, readAttempt, readExam } from './read.ts';

export const sessionHandlers = (world: TestingWorld): Handlers<typeof examSessionOperations> => ({
  startExamSession: (request) => startExam(world, request.caller, request),
  listExamSessions: ({ caller, query }) => listExams(world, caller, query),
  getExamSession: ({ caller, params }) => readExam(world, caller, params.exam_session_id),
  nextExamItem: ({ caller, params }) => nextItem(world, caller, params.exam_session_id),
  updateExamSession: ({ caller, params, body }) => changeExam(world, caller, params.exam_session_id, body),
  importExamSessions: ({ caller, body }) => importExams(world, caller, body),
  createAttempt: ({ caller, body }) => answerItem(world, caller, body),
  listAttempts: ({ caller, query }) => listAttempts(world, caller, query),
  getAttempt: ({ caller, params }) => readAttempt(world, caller, params.attempt_id),
  updateAttempt: ({ caller, params, body }) => amendAttempt(world, caller, params.attempt_id, body),
});
