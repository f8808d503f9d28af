import * as z from 'zod';
import { highestLimits, runLimits, sourceLimits } from '../domain/grading/limits.ts';
import { languages, verdicts } from '../domain/grading/types.ts';
import { decimal, id, text } from './shapes.ts';

/** Shapes that running code, exercises and submissions share. */

export const language = z.enum(languages).meta({ id: 'Language' });
export const verdict = z.enum(verdicts).meta({
  id: 'Verdict',
  description:
    'What a test came to; `internal` is the platform’s own failure and never counts against anybody',
});
export const visibility = z
  .enum(['public', 'hidden'])
  .meta({ description: 'Of hidden tests a student sees the name, the status and the weight' });

/** Program text and what programs read: all characters but NUL, which no compiler takes. */
const withoutNul = (value: string): boolean => !value.includes('\0');
const nul = 'must not contain NUL characters';

/** Source as typed: kept to the character. A school may lower the highest length. */
export const source = z
  .string()
  .max(sourceLimits.highest_characters)
  .refine((value) => value.trim() !== '', 'must not be blank')
  .refine(withoutNul, nul)
  .meta({ description: 'At most 10,000 characters, unless the school allows more' });
/** What learners begin with; it may be empty. */
export const starter = z.string().max(sourceLimits.highest_characters).refine(withoutNul, nul);
const stdin = z.string().max(262_144).refine(withoutNul, nul);

/** JSON values as arguments and results of calls; depth is bounded by the body’s own limit. */
export const json = z.json().meta({ id: 'Json' });

export const limits = z
  .strictObject({
    cpu_ms: z.int().min(50).max(highestLimits.cpu_ms).exactOptional(),
    memory_mb: z.int().min(16).max(highestLimits.memory_mb).exactOptional(),
    output_bytes: z.int().min(1_024).max(highestLimits.output_bytes).exactOptional(),
  })
  .meta({ id: 'Limits', description: 'Of one test; what is absent has its default' });

const isPattern = (pattern: string): boolean => {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
};

export const checker = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.enum(['exact', 'lines', 'tokens', 'set']) }),
    z.strictObject({ kind: z.literal('float'), tolerance: z.number().min(1e-12).max(1) }),
    z.strictObject({
      kind: z.literal('regex'),
      pattern: z
        .string()
        .min(1)
        .max(1_000)
        .refine(isPattern, 'is not a regular expression (JavaScript’s, with the u flag)'),
    }),
    z.strictObject({ kind: z.literal('custom'), language, code: source }),
  ])
  .meta({
    id: 'Checker',
    description:
      'How the answer is compared: `lines` ignores trailing blanks, `tokens` all blanks, `set` the order of lines',
  });

const weight = z
  .number()
  .min(0)
  .max(1000)
  .refine((value) => value === 0 || value >= 0.001, 'must be 0 or at least 0.001');
const named = {
  name: text(200),
  weight: weight.default(1),
  visibility: visibility.default('public'),
  limits: limits.nullable().default(null),
  seed: z.int().min(0).max(0xffff_ffff).nullable().default(null),
};

/** A test of the design’s form. */
export const testInput = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('stdio'),
      ...named,
      stdin: stdin.default(''),
      expected: stdin,
      checker: checker.default({ kind: 'lines' }),
    }),
    z.strictObject({
      kind: z.literal('call'),
      ...named,
      call: z.string().regex(/^[\p{ID_Start}_$][\p{ID_Continue}$]{0,99}$/u, 'must be the name of a function'),
      args: z.array(json).max(20).default([]),
      expected: json,
      checker: checker.default({ kind: 'exact' }),
    }),
  ])
  .meta({ id: 'TestInput' });
export type TestInput = z.output<typeof testInput>;

/** A test of the first source’s form: text in, text out, compared by lines. */
export const simpleTest = z
  .strictObject({
    // by its absence the form is known, so that what is wrong in either form is named
    kind: z.undefined().optional().meta({ not: {} }),
    name: text(200),
    input: stdin.nullish(),
    expected_output: stdin.nullish().meta({ description: 'Absent: the run itself is the test' }),
    weight: weight.default(1),
  })
  .meta({ id: 'TestCase' });

export const tests = z.array(testInput).min(1).max(runLimits.tests);

export const learnerError = z
  .object({
    type: z.string().meta({ examples: ['NameError'] }),
    message: z.string(),
    line: z.int().nullable(),
    column: z.int().nullable(),
  })
  .meta({ id: 'LearnerError', description: 'Where and why the program stopped, in the learner’s own file' });

export const testResult = z
  .object({
    name: z.string(),
    status: verdict,
    weight: decimal(),
    visibility,
    input: z.string().nullable().meta({ description: 'stdin, or the call as text; null for hidden tests' }),
    expected_output: z.string().nullable(),
    output: z.string().nullable(),
    error: learnerError.nullable(),
    execution_time_ms: z.number().nullable(),
    memory_usage_kb: z.int().nullable(),
  })
  .meta({ id: 'TestResult', description: 'One per test, in order' });
export type TestResult = z.output<typeof testResult>;

export const queuePosition = z.int().nullable().meta({ description: '1 is next; null once it runs' });
export const grade = decimal().min(0).max(100);
export { id };
