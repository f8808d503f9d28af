import * as z from 'zod';
import { runLimits } from '../domain/grading/limits.ts';
import {
  language,
  learnerError,
  queuePosition,
  simpleTest,
  source,
  testInput,
  testResult,
  verdict,
} from './grading-shapes.ts';
import { contract } from './operation.ts';
import { id, instant } from './shapes.ts';

export const executionStatus = z
  .enum(['pending', 'running', 'success', 'error', 'timeout', 'cancelled'])
  .meta({ id: 'ExecutionStatus', description: 'Wrong answers are a success of the run' });

export const executionResult = z
  .object({
    execution_id: id,
    status: executionStatus,
    language,
    output: z.string().meta({ description: 'What the program printed; with several tests, of the first' }),
    error: learnerError.nullable(),
    test_results: z.array(testResult),
    execution_time_ms: z.number().nullable(),
    memory_usage_kb: z.int().nullable(),
    queue_position: queuePosition,
    last_seq: z.int().meta({ description: 'Number of the newest event on `job:<execution_id>`' }),
    error_code: z.string().nullable(),
    created_at: instant,
    started_at: instant.nullable(),
    ended_at: instant.nullable(),
  })
  .meta({ id: 'ExecutionResult' });
export type ExecutionResult = z.output<typeof executionResult>;

/** What `job:<execution_id>` carries beside `job.status`. */
export const codeOutput = z
  .object({ test: z.int(), stream: z.enum(['stdout', 'stderr']), text: z.string() })
  .meta({ id: 'CodeOutput', description: 'A piece of what a running program prints; event `code.output`' });

/** What `job:<execution_id>` and `job:<submission_id>` carry while several tests run. */
export const codeVerdicts = z
  .object({
    attempt: z
      .int()
      .meta({ description: 'Of the job, as in `job.status`: a new attempt begins from the first test' }),
    verdicts: z
      .array(verdict.nullable())
      .meta({ description: 'So far, one per test, in order; null: waits, or runs' }),
    hidden: z.array(z.int()).meta({ description: 'Positions of the hidden tests among them, from 0' }),
  })
  .meta({
    id: 'CodeVerdicts',
    description:
      'The verdicts of a job that is not over yet, each time all of them; event `code.verdicts`. A job that is over in a moment has none: `code.result` has the whole.',
  });
export type CodeVerdicts = z.output<typeof codeVerdicts>;

const runners = {
  student: 'own',
  assistant: 'own',
  teacher: 'own',
  org_admin: 'own',
  platform_admin: 'own',
} as const;

const execution = { params: z.object({ execution_id: id }) };

export const codeContract = contract({
  execute: {
    method: 'POST',
    path: '/api/code/execute',
    summary: 'Run a program',
    description:
      'Queues it and answers at once; `job:<execution_id>` carries its output (`code.output`) and the verdicts of its tests (`code.verdicts`) while it runs, and its end (`code.result`), `GET` its result.',
    access: runners,
    body: z
      .strictObject({
        code: source,
        language: language.default('python'),
        stdin: z
          .string()
          .max(262_144)
          .refine((value) => !value.includes('\0'), 'must not contain NUL characters')
          .optional(),
        test_cases: z
          .array(z.discriminatedUnion('kind', [testInput, simpleTest]))
          .min(1)
          .max(runLimits.tests)
          .optional(),
      })
      .refine(({ stdin, test_cases }) => stdin === undefined || test_cases === undefined, {
        path: ['stdin'],
        error: 'give either stdin or test_cases',
      }),
    status: 202,
    response: executionResult,
    errors: [409, 429, 503],
  },
  getExecution: {
    method: 'GET',
    path: '/api/code/executions/{execution_id}',
    summary: 'Read a run and its result',
    access: runners,
    ...execution,
    status: 200,
    response: executionResult,
    errors: [404],
  },
  cancelExecution: {
    method: 'POST',
    path: '/api/code/executions/{execution_id}/cancel',
    summary: 'Stop a run',
    access: runners,
    ...execution,
    status: 200,
    response: executionResult,
    errors: [404, 409],
  },
});
