import type * as z from 'zod';
import type { codeContract, ExecutionResult } from '#shared/contracts/code.ts';
import type { testInput } from '#shared/contracts/grading-shapes.ts';
import type { Caller } from '#shared/contracts/operation.ts';
import { invalid, unauthorized } from '#shared/errors.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { type ExecutionInput, executionInputs } from '#shared/jobs/execution.ts';
import { type JobOf, newGrading } from '#shared/jobs/job.ts';
import { inTurn } from '#shared/jobs/turn.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { users } from '#shared/table/user.ts';
import { requireGrader } from '../graders.ts';
import { refuseLongSource } from '../source.ts';
import type { CodeWorld } from '../world.ts';
import { readExecution } from './read.ts';

type Body = z.output<typeof codeContract.execute.body>;
type TestInput = z.output<typeof testInput>;

/** Code and tests of a run stay together in one item. */
const maxInputBytes = 300_000;

/** Queues a scratch run: the job, its input and its first event, in one transaction. */
export async function execute(
  world: CodeWorld,
  caller: Caller,
  body: Body,
  key: string | undefined,
): Promise<ExecutionResult> {
  const { table, settings, now } = world;
  const request = { caller, operation: 'code.execute', key, body, now: now() };
  const execution_id = await idempotently(
    table,
    request,
    async (done) => {
      refuseLongSource(world, body.code, 'code');
      await requireGrader(world);
      const owner = await table.get(users, caller);
      if (!owner) throw unauthorized('auth.ended', 'This account no longer exists.');
      return inTurn(world, caller.user_id, settings.limits, async (turn) => {
        const job = newExecution(world, caller, owner.name, body, turn.fair_at);
        const input = inputOf(job, body);
        await table.write(
          ...newJobWrites(world, job),
          table.insert(executionInputs, input),
          turn.write,
          ...done(job.job_id),
        );
        return job.job_id;
      });
    },
    async (job_id) => job_id,
  );
  return readExecution(world, caller, execution_id);
}

function newExecution(
  { newId, now, events_days }: CodeWorld,
  { user_id, org_id }: Caller,
  owner_name: string,
  { language }: Body,
  fair_at: string,
): JobOf<'execution'> {
  const at = now();
  const given = {
    kind: 'execution',
    job_id: newId(),
    owner_id: user_id,
    owner_name,
    org_id,
    class_id: null,
    language,
    // a scratch run is gone with its events
    expires_at: Math.floor(at.getTime() / 1000) + events_days * 86_400,
  } as const;
  return newGrading(given, fair_at, at);
}

const usual = { weight: 1, visibility: 'public', limits: null, seed: null } as const;
const aRun = (name: string, stdin: string): TestInput => ({
  ...usual,
  kind: 'stdio',
  name,
  stdin,
  expected: '',
  checker: { kind: 'lines' },
});

function inputOf({ job_id, expires_at }: JobOf<'execution'>, body: Body): ExecutionInput {
  const { code, language, stdin = '', test_cases } = body;
  const given = test_cases ?? [{ name: 'run', input: stdin, expected_output: null, weight: 1 }];
  const free = given.flatMap((test, index) =>
    test.kind !== undefined || typeof test.expected_output === 'string' ? [] : [index],
  );
  const tests = given.map((test) =>
    test.kind !== undefined
      ? test
      : { ...aRun(test.name, test.input ?? ''), expected: test.expected_output ?? '', weight: test.weight },
  );
  const bytes = Buffer.byteLength(JSON.stringify(tests)) + Buffer.byteLength(code);
  if (bytes > maxInputBytes)
    throw invalid(
      ['body', test_cases ? 'test_cases' : 'stdin'],
      `the program and its tests together may have ${maxInputBytes / 1000} KB`,
      'too_big',
    );
  return { job_id, expires_at, language, code, tests, free };
}
