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

export type GradeOptions = Omit<RunOptions, 'onResult'> & {
  /** Called for each test as soon as its outcome is final: its program has ended and its checker has spoken. */
  readonly onOutcome?: (ended: { test: number; outcome: TestOutcome }) => void;
};

/**
 * Runs a program through its tests and compares what came out, here where the program never was. One outcome for each
 * test, in order.
 */
export async function gradeProgram(
  sandbox: Sandbox,
  program: Program,
  tests: readonly Test[],
  { onOutcome, ...options }: GradeOptions = {},
): Promise<TestOutcome[]> {
  const outcomes: TestOutcome[] = [];
  const settle = (at: number, result: RawResult, judgement?: Judgement): void => {
    const outcome = outcomeOf(result, judgement, program.language);
    outcomes[at] = outcome;
    onOutcome?.({ test: at, outcome });
  };
  const toCheck: Check[] = [];
  const inputs = tests.map((test) => inputOf(test, program.language));
  await sandbox.run(program, inputs, {
    ...options,
    onResult: ({ test: at, result }) => {
      const test = tests[at];
      if (test === undefined || result.outcome !== 'ok') settle(at, result);
      else if (isPlain(test.checker)) settle(at, result, judge(test, test.checker, result));
      else toCheck.push({ at, test, checker: test.checker, result });
    },
  });
  await checkAll(sandbox, toCheck, options.signal, settle);
  return tests.map((_, at) => outcomes[at] ?? outcomeOf(missing, undefined, program.language));
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

/** A test whose program came to its end, and whose checker is a program too. */
interface Check {
  readonly at: number;
  readonly test: Test;
  readonly checker: ProgrammedChecker;
  readonly result: RawResult;
}

/** Checkers run after the program, so that one slot is enough; the same checker of several tests starts once. */
async function checkAll(
  sandbox: Sandbox,
  toCheck: readonly Check[],
  signal: AbortSignal | undefined,
  settle: (at: number, result: RawResult, judgement: Judgement) => void,
): Promise<void> {
  const groups = Map.groupBy(toCheck, ({ checker }) => {
    const { language, code } = checkerProgram(checker);
    return `${language}:${code}`;
  });
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const program = checkerProgram(first.checker);
    await sandbox.run(
      program,
      group.map((check) => checkerInput(check, program.language)),
      {
        ...(signal && { signal }),
        onResult: ({ test: which, result: answer }) => {
          const check = group[which];
          if (check) settle(check.at, check.result, readAnswer(answer));
        },
      },
    );
  }
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
  { test, checker, result }: Check,
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
