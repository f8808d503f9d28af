import {
  acceptsText,
  acceptsValue,
  isPlain,
  normalise,
  type PlainChecker,
} from '#shared/domain/grading/checkers.ts';
import { defaultLimits } from '#shared/domain/grading/limits.ts';
import { seeded } from '#shared/domain/grading/score.ts';
import type {
  Checker,
  Json,
  Language,
  Limits,
  RawResult,
  Test,
  TestInput,
  TestOutcome,
  Verdict,
} from '#shared/domain/grading/types.ts';
import { printValue } from '#shared/domain/grading/values.ts';
import type { Program, RunOptions, Sandbox } from './sandbox/sandbox.ts';

/**
 * Runs a program through its tests and compares what came out, here where the program never was. One outcome for each
 * test, in order.
 */
export async function gradeProgram(
  sandbox: Sandbox,
  program: Program,
  tests: readonly Test[],
  options: RunOptions = {},
): Promise<TestOutcome[]> {
  const results = await sandbox.run(
    program,
    tests.map((test) => inputOf(test, program.language)),
    options,
  );
  const judgements = await judgeAll(sandbox, tests, results, options.signal);
  return tests.map((_, at) => outcomeOf(results[at] ?? missing, judgements[at], program.language));
}

/** What the sandbox is told of a test: all but what is expected. */
function inputOf(test: Test, language: Language): TestInput {
  const limits: Limits = { ...defaultLimits(language), ...test.limits };
  const { seed } = seeded(test);
  return test.kind === 'stdio'
    ? { kind: 'stdio', stdin: test.stdin, seed, limits }
    : { kind: 'call', call: test.call, args: test.args, seed, limits };
}

/** What a checker said: right, wrong, or why it could not tell. */
type Judgement = boolean | { readonly broken: string };

const missing: RawResult = {
  outcome: 'internal',
  stdout: '',
  stderr: '',
  value: undefined,
  error: null,
  cpu_ms: 0,
  memory_kb: 0,
};

function outcomeOf(result: RawResult, judgement: Judgement | undefined, language: Language): TestOutcome {
  const broken = typeof judgement === 'object' ? judgement.broken : undefined;
  return {
    verdict: verdictOf(result, judgement),
    output: result.value === undefined ? result.stdout : printValue(result.value, language),
    error:
      broken === undefined
        ? result.error
        : { type: 'CheckerError', message: broken, line: null, column: null },
    execution_time_ms: result.cpu_ms,
    memory_usage_kb: result.memory_kb,
  };
}

function verdictOf(result: RawResult, judgement: Judgement | undefined): Verdict {
  if (result.outcome !== 'ok') return result.outcome;
  if (typeof judgement !== 'boolean') return 'internal';
  return judgement ? 'pass' : 'wrong_answer';
}

/** The judgements of the tests whose program came to its end. */
async function judgeAll(
  sandbox: Sandbox,
  tests: readonly Test[],
  results: readonly RawResult[],
  signal: AbortSignal | undefined,
): Promise<(Judgement | undefined)[]> {
  const judgements: (Judgement | undefined)[] = [];
  const programs = new Map<string, { program: Program; inputs: { at: number; input: TestInput }[] }>();
  for (const [at, test] of tests.entries()) {
    const result = results[at];
    if (result?.outcome !== 'ok') continue;
    if (isPlain(test.checker)) {
      judgements[at] = judge(test, test.checker, result);
      continue;
    }
    const program = checkerProgram(test.checker);
    const key = `${program.language}:${program.code}`;
    const group = programs.get(key) ?? { program, inputs: [] };
    group.inputs.push({ at, input: checkerInput(test, test.checker, result, program.language) });
    programs.set(key, group);
  }
  for (const { program, inputs } of programs.values()) {
    const answers = await sandbox.run(
      program,
      inputs.map(({ input }) => input),
      signal === undefined ? {} : { signal },
    );
    for (const [which, { at }] of inputs.entries()) judgements[at] = readAnswer(answers[which] ?? missing);
  }
  return judgements;
}

function judge(test: Test, checker: PlainChecker, result: RawResult): boolean {
  if (test.kind === 'stdio') return acceptsText(checker, result.stdout, test.expected);
  return result.value !== undefined && acceptsValue(checker, result.value, test.expected);
}

type ProgrammedChecker = Exclude<Checker, PlainChecker>;

/** A pattern of a teacher's may take for ever on some output: it runs where that costs a time limit and no more. */
const regexChecker: Program = {
  language: 'javascript',
  code: 'const check = (pattern, output) => new RegExp(pattern, "u").test(output);',
};

const checkerProgram = (checker: ProgrammedChecker): Program =>
  checker.kind === 'regex' ? regexChecker : { language: checker.language, code: checker.code };

function checkerInput(
  test: Test,
  checker: ProgrammedChecker,
  result: RawResult,
  language: Language,
): Extract<TestInput, { kind: 'call' }> {
  const { seed } = seeded(test);
  return {
    kind: 'call',
    call: 'check',
    args: checkerArguments(test, checker, result),
    seed,
    limits: defaultLimits(language),
  };
}

function checkerArguments(test: Test, checker: ProgrammedChecker, result: RawResult): Json[] {
  const value = result.value ?? null;
  if (checker.kind === 'regex')
    return [
      checker.pattern,
      test.kind === 'stdio' ? normalise(result.stdout) : printValue(value, 'javascript'),
    ];
  return test.kind === 'stdio'
    ? [test.stdin, result.stdout, test.expected]
    : [test.args, value, test.expected];
}

function readAnswer(answer: RawResult): Judgement {
  if (answer.outcome === 'ok' && typeof answer.value === 'boolean') return answer.value;
  if (answer.outcome === 'ok')
    return { broken: 'The checker returned something that is neither true nor false.' };
  const what = answer.error === null ? '' : ` ${answer.error.message}`;
  return { broken: `The checker failed (${answer.outcome}).${what}` };
}
