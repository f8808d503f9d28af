import * as z from 'zod';
import { language, testInput } from '../contracts/grading-shapes.ts';
import { entity, type ItemOf, jsonText, withText } from '../table/entity.ts';
import { storedOutcome } from './results.ts';

const of =
  (sk: string) =>
  ({ job_id }: { job_id: string }) => ({ pk: `job#${job_id}`, sk });

const storedInputs = entity({
  type: 'execution_input',
  schema: z.object({
    job_id: z.string(),
    language,
    code: z.string(),
    tests: z.string(),
    /** Indexes of tests that expect nothing: the run itself is the test. */
    free: z.array(z.int()),
    expires_at: z.int(),
  }),
  key: of('input'),
});
const inputTests = z.array(testInput);

/**
 * What a scratch run is to run, beside its job: too big to be read with every look at the queue.
 *
 * Access pattern: by job: `job#<id>` / `input`
 *
 * The tests are kept as JSON text: their values may have any depth, key and magnitude, which the table may not.
 */
export const executionInputs = withText(storedInputs, 'tests', jsonText(inputTests));
export type ExecutionInput = ItemOf<typeof executionInputs>;

/**
 * What came of a scratch run, one outcome per test, within 200 KB.
 *
 * Access pattern: by job: `job#<id>` / `result`
 */
export const executionResults = entity({
  type: 'execution_result',
  schema: z.object({
    job_id: z.string(),
    outcomes: z.array(storedOutcome),
    grader_version: z.string(),
    expires_at: z.int(),
  }),
  key: of('result'),
});
