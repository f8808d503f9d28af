import type { Exercise } from '#shared/contracts/exercises.ts';
import type { Checker, Language } from '#shared/domain/grading/types.ts';
import { newKey } from '../../app/api.ts';
import { limitsBody, numberOf } from './typed-numbers.ts';

/** One row of the table of tests, as typed. */
export interface TestDraft {
  readonly key: string;
  readonly kind: 'stdio' | 'call';
  readonly name: string;
  /** What the program reads, or the arguments of the call as JSON with commas between them. */
  readonly input: string;
  readonly call: string;
  /** What it has to print, or to return as JSON. */
  readonly expected: string;
  readonly checker: Checker['kind'];
  readonly tolerance: string;
  readonly pattern: string;
  readonly checker_language: Language;
  readonly checker_code: string;
  readonly weight: string;
  readonly visibility: 'public' | 'hidden';
  readonly cpu_ms: string;
  readonly memory_mb: string;
  readonly seed: string;
  /** Not in the table: kept as an import gave it. */
  readonly output_bytes: number | null;
}

export const newTest = (like?: TestDraft): TestDraft => ({
  key: newKey(),
  kind: like?.kind ?? 'stdio',
  name: '',
  input: '',
  call: like?.call ?? '',
  expected: '',
  checker: like?.checker ?? 'lines',
  tolerance: like?.tolerance ?? '0.000001',
  pattern: '',
  checker_language: like?.checker_language ?? 'python',
  checker_code: like?.checker_code ?? '',
  weight: '1',
  visibility: like?.visibility ?? 'public',
  cpu_ms: '',
  memory_mb: '',
  seed: '',
  output_bytes: null,
});

type GivenTest = NonNullable<Exercise['tests']>[number];

export function testDraft(test: GivenTest): TestDraft {
  const { checker, limits } = test;
  const isCall = test.kind === 'call';
  return {
    ...newTest(),
    key: test.id,
    kind: test.kind,
    name: test.name,
    input: isCall ? test.args.map((arg) => JSON.stringify(arg)).join(', ') : test.stdin,
    call: isCall ? test.call : '',
    expected: isCall ? JSON.stringify(test.expected) : test.expected,
    checker: checker.kind,
    ...(checker.kind === 'float' && { tolerance: String(checker.tolerance) }),
    ...(checker.kind === 'regex' && { pattern: checker.pattern }),
    ...(checker.kind === 'custom' && { checker_language: checker.language, checker_code: checker.code }),
    weight: String(test.weight),
    visibility: test.visibility,
    cpu_ms: String(limits?.cpu_ms ?? ''),
    memory_mb: String(limits?.memory_mb ?? ''),
    seed: String(test.seed ?? ''),
    output_bytes: limits?.output_bytes ?? null,
  };
}

/** What is written into a field of JSON; undefined where it is none. */
export function parseJson(typed: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(typed) };
  } catch {
    return undefined;
  }
}
export const argumentsOf = (typed: string) => parseJson(`[${typed}]`);

export function testBody(test: TestDraft): Record<string, unknown> {
  const limits = limitsBody(test);
  const shared = {
    name: test.name,
    weight: numberOf(test.weight),
    visibility: test.visibility,
    limits: test.output_bytes === null ? limits : { ...limits, output_bytes: test.output_bytes },
    seed: test.seed.trim() === '' ? null : numberOf(test.seed),
    checker: checkerBody(test),
  };
  if (test.kind === 'stdio') return { kind: 'stdio', ...shared, stdin: test.input, expected: test.expected };
  return {
    kind: 'call',
    ...shared,
    call: test.call.trim(),
    // what is no JSON is said at its field before anything is sent
    args: argumentsOf(test.input)?.value ?? [],
    expected: parseJson(test.expected)?.value ?? null,
  };
}

function checkerBody({ checker, tolerance, pattern, checker_language, checker_code }: TestDraft) {
  if (checker === 'float') return { kind: checker, tolerance: numberOf(tolerance) };
  if (checker === 'regex') return { kind: checker, pattern };
  if (checker === 'custom') return { kind: checker, language: checker_language, code: checker_code };
  return { kind: checker };
}

/** Fields of the row by the last part of the path that the contract names. */
const rows: Readonly<Record<string, keyof TestDraft>> = {
  stdin: 'input',
  args: 'input',
  tolerance: 'tolerance',
  pattern: 'pattern',
  code: 'checker_code',
  cpu_ms: 'cpu_ms',
  memory_mb: 'memory_mb',
};
/** `3.checker.pattern` is the field `pattern` of row 3. */
export const rowField = (path: string): string => {
  const [, row = '', ...rest] = path.split('.');
  const field = rest.findLast((part) => part in rows) ?? rest[0] ?? '';
  return `tests.${row}.${rows[field] ?? field}`;
};
