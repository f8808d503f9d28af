import type { codeContract } from '#shared/contracts/code.ts';
import type { Handlers } from '#shared/http/serve.ts';
import type { CodeWorld } from '../world.ts';
import { execute } from './execute.ts';
import { cancelExecution, readExecution } from './read.ts';

export const executionHandlers = (world: CodeWorld): Handlers<typeof codeContract> => ({
  execute: ({ body, caller, idempotency_key }) => execute(world, caller, body, idempotency_key),
  getExecution: ({ params, caller }) => readExecution(world, caller, params.execution_id),
  cancelExecution: ({ params, caller }) => cancelExecution(world, caller, params.execution_id),
});
