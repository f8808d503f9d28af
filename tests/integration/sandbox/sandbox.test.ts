import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gradeProgram } from '#functions/tasks/grader/grade.ts';
import type { Language, Limits, Test, TestInput } from '#shared/domain/grading/types.ts';
import { openSandbox } from './world.ts';

let sandbox: Awaited<ReturnType<typeof openSandbox>>;
beforeAll(async () => {
  sandbox = await openSandbox({ reuse: true });
});
afterAll(() => sandbox.close());

const limits: Limits = { cpu_ms: 2_000, memory_mb: 128, output_bytes: 65_536 };
const stdio = (stdin = '', more: Partial<Limits> = {}): TestInput => ({
  kind: 'stdio',
  stdin,
  seed: 1,
  limits: { ...limits, ...more },
});
const run = (language: Language, code: string, tests: TestInput[] = [stdio()]) =>
  sandbox.run({ language, code }, tests);
const runOne = async (language: Language, code: string, test = stdio()) => {
  const [result] = await run(language, code, [test]);
  if (result === undefined) throw new Error('no result');
  return result;
};
const test = (rest: Partial<Test> & Pick<Test, 'checker'>, expected: string): Test =>
  ({
    id: 't',
    name: 't',
    weight: 1,
    visibility: 'public',
    limits: null,
    seed: 1,
    kind: 'stdio',
    stdin: '',
    expected,
    ...rest,
  }) as Test;

describe('an error is the learner’s own', () => {
  it('Python: line, column and their frames, nothing of the harness', async () => {
    const { outcome, error } = await runOne('python', 'def f(x):\n    return 1 / x\n\nf(0)\n');
    expect(outcome).toBe('runtime_error');
    expect(error).toMatchObject({ type: 'ZeroDivisionError', line: 2, column: 12 });
    expect(error?.message).toContain('File "main.py", line 4, in <module>');
    expect(error?.message).not.toMatch(/exec>|lyceum/);
  });
  it('Python: a deep recursion is cut to twelve frames', async () => {
    const { error } = await runOne(
      'python',
      'def f(n):\n    return f(n + 1) + g(n)\ndef g(n):\n    return f(n)\ng(0)\n',
    );
    expect(error?.type).toBe('RecursionError');
    expect(error?.message.match(/File "main\.py"/g)?.length).toBeLessThanOrEqual(12);
    expect(error?.message).toMatch(/more frames|more times/);
  });
  it('Python: a syntax error has its place', async () => {
    const { outcome, error } = await runOne('python', 'x = 1\nif x\n    y = 2\n');
    expect(outcome).toBe('compile_error');
    expect(error).toMatchObject({ type: 'SyntaxError', line: 2, column: 5 });
  });
  it('JavaScript: line, column, and no frame of the host', async () => {
    const { error } = await runOne('javascript', 'function f(x) {\n  return x.y.z;\n}\nf({});\n');
    expect(error).toMatchObject({ type: 'TypeError', line: 2, column: 14 });
    expect(error?.message).not.toMatch(/isolated-vm|file:/);
  });
  it('TypeScript: the place is the one in the file that was written', async () => {
    const code =
      'enum Colour {\n  Red,\n}\ninterface A { b: number }\nfunction f(a: A | null): number {\n  return a!.b;\n}\nf(null);\n';
    expect((await runOne('typescript', code)).error).toMatchObject({ type: 'TypeError', line: 6 });
  });
  it('is said once for each test when the program does not compile', async () => {
    const results = await run('typescript', 'let x: = 1;', [stdio(), stdio(), stdio()]);
    expect(results.map(({ outcome }) => outcome)).toEqual(Array(3).fill('compile_error'));
    expect(results[2]?.error?.line).toBe(1);
  });
});

describe('limits', () => {
  it('after a time limit the other tests are skipped', async () => {
    const code = 'n = int(input())\nwhile n: pass\nprint(n)\n';
    const tight = { cpu_ms: 300 };
    const results = await run('python', code, [
      stdio('0\n', tight),
      stdio('1\n', tight),
      stdio('0\n', tight),
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'time_limit', 'skipped']);
  });
  it('what a program printed before it was stopped is kept', async () => {
    const result = await runOne('python', 'print("before")\nwhile True: pass\n', stdio('', { cpu_ms: 300 }));
    expect(result).toMatchObject({ outcome: 'time_limit', stdout: 'before\n' });
  });
  it('memory is limited for each test, also after one that was allowed more', async () => {
    const code = 'n = int(input())\nx = bytearray(n * 2**20)\nprint(len(x))\n';
    const results = await run('python', code, [
      stdio('150\n', { memory_mb: 256 }),
      stdio('60\n', { memory_mb: 64 }),
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'memory_limit']);
    expect(results[0]?.memory_kb).toBeGreaterThan(150 * 1024);
  });
  it('a program that is refused before it runs is a compile error', async () => {
    for (const code of ['', '  \n', 'print(1)\0', `#${'x'.repeat(70_000)}`])
      expect((await runOne('python', code)).outcome).toBe('compile_error');
  });
});

describe('the same seed gives the same run', () => {
  it('of random numbers in Python and JavaScript', async () => {
    const python = 'import random, os\nprint(random.random(), os.urandom(4).hex(), hash("a"))\n';
    const script = 'console.log(Math.random(), Math.random());';
    for (const [language, code] of [
      ['python', python],
      ['javascript', script],
    ] as const) {
      const [first, second, third] = await run(language, code, [stdio(), stdio(), { ...stdio(), seed: 2 }]);
      expect(second?.stdout).toBe(first?.stdout);
      expect(third?.stdout).not.toBe(first?.stdout);
    }
  });
});

it('console.log prints what Node prints', async () => {
  const file = new URL('../../fixtures/sandbox/printing.js', import.meta.url);
  const node = execFileSync(process.execPath, [file.pathname], { encoding: 'utf8' });
  const { stdout, error } = await runOne('javascript', readFileSync(file, 'utf8'));
  expect(error).toBeNull();
  expect(stdout.split('\n')).toEqual(node.split('\n'));
});

describe('output', () => {
  it('comes while the program runs, and is whole at the end', async () => {
    const chunks: string[] = [];
    let returned = false;
    const code = 'print("start €")\nx = 0\nwhile x < 3_000_000: x += 1\nprint("end")\n';
    const [result] = await sandbox.run({ language: 'python', code }, [stdio('', { cpu_ms: 10_000 })], {
      onOutput: ({ test, stream, text }) => chunks.push(`${returned} ${test} ${stream} ${text}`),
    });
    returned = true;
    expect(chunks).toEqual(['false 0 stdout start €\n', 'false 0 stdout end\n']);
    expect(result?.stdout).toBe('start €\nend\n');
  });
  it('of both streams is kept apart', async () => {
    const result = await runOne('javascript', 'console.error("e"); console.log("o");');
    expect(result).toMatchObject({ stdout: 'o\n', stderr: 'e\n' });
  });
});

describe('checkers with a program of their own', () => {
  const grade = (checker: Test['checker'], expected = '') =>
    gradeProgram(sandbox, { language: 'python', code: 'print(6 * 7)\n' }, [test({ checker }, expected)]);

  it('a custom one sees input, output and what was expected', async () => {
    const code = 'def check(input, output, expected):\n    return int(output) == 42 and expected == "x"\n';
    expect(await grade({ kind: 'custom', language: 'python', code }, 'x')).toMatchObject([
      { verdict: 'pass' },
    ]);
    expect(await grade({ kind: 'custom', language: 'python', code }, 'y')).toMatchObject([
      { verdict: 'wrong_answer' },
    ]);
  });
  it('a broken one is nobody’s failure but its author’s, and says why', async () => {
    const broken = await grade({ kind: 'custom', language: 'javascript', code: 'const check = () => x.y;' });
    expect(broken).toMatchObject([{ verdict: 'internal', error: { type: 'CheckerError' } }]);
    expect(broken[0]?.error?.message).toContain('x is not defined');
    const vague = await grade({ kind: 'custom', language: 'python', code: 'def check(i, o, e): return 1\n' });
    expect(vague[0]?.error?.message).toContain('neither true nor false');
  });
  it('a pattern that never ends is cut', async () => {
    expect(await grade({ kind: 'regex', pattern: '^4[0-9]$' })).toMatchObject([{ verdict: 'pass' }]);
    expect(await grade({ kind: 'regex', pattern: '^5' })).toMatchObject([{ verdict: 'wrong_answer' }]);
    const code = `print("${'a'.repeat(60)}b")\n`;
    const endless = test({ checker: { kind: 'regex', pattern: '^(a+)+$' } }, '');
    expect(await gradeProgram(sandbox, { language: 'python', code }, [endless])).toMatchObject([
      { verdict: 'internal' },
    ]);
  });
});
