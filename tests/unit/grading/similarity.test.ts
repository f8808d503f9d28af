import { describe, expect, test } from 'vitest';
import { mostPairs, similarPrograms } from '#functions/tasks/grader/similarity/compare.ts';
import { tokensOf } from '#functions/tasks/grader/similarity/tokens.ts';
import type { Language } from '#shared/domain/grading/types.ts';
import * as python from './similar-programs.ts';
import { wordsTs, wordsTsDisguised, wordsTsHonest } from './similar-programs-ts.ts';

const nobodyWaits = async (): Promise<void> => {};

async function between(language: Language, left: string, right: string, given = '') {
  const programs = [
    { submission_id: 'left', code: left },
    { submission_id: 'right', code: right },
  ];
  const [pair] = await similarPrograms(language, programs, given, nobodyWaits);
  return pair ?? { similarity: 0, longest_fragment: 0, fragments: [] };
}

describe('disguised copies are found', () => {
  test('renamed, reordered, commented and with other literals', async () => {
    const { similarity, longest_fragment } = await between('python', python.original, python.disguised);
    expect(similarity).toBeGreaterThan(0.9);
    expect(longest_fragment).toBeGreaterThan(30);
  });

  test('in TypeScript, with types added and let for const', async () => {
    expect((await between('typescript', wordsTs, wordsTsDisguised)).similarity).toBeGreaterThan(0.9);
  });

  test('also when half of the copy is new', async () => {
    const half = python.original.slice(0, python.original.indexOf('def mean'));
    const { similarity } = await between('python', python.original, `${half}\n${python.honest[1]}`);
    expect(similarity).toBeGreaterThan(0.5);
  });

  test('a byte-for-byte copy is 1', async () => {
    expect((await between('python', python.original, python.original)).similarity).toBe(1);
  });

  test('a program that does not parse is still compared by what can be recognised', async () => {
    const broken = python.original.replace('return total / len(values)', 'return total / len(values');
    expect((await between('python', broken, python.original)).similarity).toBeGreaterThan(0.7);
  });
});

describe('honest solutions of one exercise stay low', () => {
  const solutions = [python.original, ...python.honest];
  const pairs = solutions.flatMap((left, index) =>
    solutions
      .slice(index + 1)
      .map((right, further) => ({ left, right, name: `${index}, ${index + 1 + further}` })),
  );
  test.each(pairs)('pair $name', async ({ left, right }) => {
    expect((await between('python', left, right)).similarity).toBeLessThan(0.4);
  });

  test('in TypeScript', async () => {
    expect((await between('typescript', wordsTs, wordsTsHonest)).similarity).toBeLessThan(0.4);
  });

  test('two short programs say nothing', async () => {
    const short = 'n = int(input())\nprint(n * n)\n';
    expect((await between('python', short, short)).similarity).toBe(0);
  });
});

describe('what all were given', () => {
  const given = python.original;
  const mine = `${given}\n\n${python.honest[0]}`;
  const yours = `${given}\n\n${python.honest[3]}`;

  test('does not count', async () => {
    expect((await between('python', mine, yours)).similarity).toBeGreaterThan(0.5);
    expect((await between('python', mine, yours, given)).similarity).toBeLessThan(0.2);
  });

  test('and does not hide what was copied beside it', async () => {
    expect((await between('python', mine, mine, given)).similarity).toBe(1);
    expect((await between('python', given, given, given)).similarity).toBe(0);
  });
});

describe('matching lines', () => {
  test('point at the same piece on both sides', async () => {
    const { fragments } = await between('python', python.original, python.disguised);
    const lineOf = (code: string, text: string) =>
      code.split('\n').findIndex((line) => line.includes(text)) + 1;
    const left = lineOf(python.original, 'ordered = sorted(values)');
    const right = lineOf(python.disguised, 'srt = sorted(lst)');
    const holds = (lines: { start_line: number; end_line: number }, line: number) =>
      lines.start_line <= line && line <= lines.end_line;
    expect(fragments.filter((one) => holds(one.left, left) && holds(one.right, right))).toHaveLength(1);
    for (const one of fragments) expect(one.left.end_line).toBeGreaterThanOrEqual(one.left.start_line);
  });

  test('a piece matches one piece, not every repetition', async () => {
    const once = python.original;
    const often = `${python.original}\n`.repeat(6);
    expect((await between('python', once, often)).similarity).toBeLessThan(0.35);
  });
});

/** The longest step, in milliseconds of this thread: so long nobody else of the process would get a turn. */
async function longestStep(language: Language, codes: readonly string[]): Promise<number> {
  let longest = 0;
  let from = process.threadCpuUsage();
  const step = async (): Promise<void> => {
    const { user, system } = process.threadCpuUsage(from);
    longest = Math.max(longest, (user + system) / 1000);
    from = process.threadCpuUsage();
  };
  const programs = codes.map((code, index) => ({ submission_id: String(index), code }));
  await similarPrograms(language, programs, '', step);
  await step();
  return longest;
}

describe('hostile programs', () => {
  test.each<[string, string]>([
    ['one line thousands of times', 'a = b + 1\n'.repeat(6_500)],
    ['nothing but brackets', '['.repeat(65_000)],
    ['nothing but a string', `"${'x'.repeat(65_000)}"`],
    ['text that is no program', '\u{1F600} \\ ` $ ?? '.repeat(5_000)],
    ['a hundred thousand operators', 'x=1'.concat('+1'.repeat(30_000))],
  ])('%s holds nobody up', async (_name, code) => {
    expect(await longestStep('python', [code, code, code])).toBeLessThan(1_500);
    expect(await longestStep('typescript', [code, code, code])).toBeLessThan(1_500);
  });

  test('an empty program has no tokens', async () => {
    expect(tokensOf('python', '')).toEqual([]);
    expect((await between('python', '', '')).similarity).toBe(0);
  });
});

test('a class of a hundred is compared at once, and the report is bounded', async () => {
  const programs = Array.from({ length: 100 }, (_, index) => ({
    submission_id: `s${index}`,
    code: [python.original, python.disguised, ...python.honest][index % 6] ?? '',
  }));
  const found = await similarPrograms('python', programs, '', nobodyWaits);
  expect(found).toHaveLength(mostPairs);
  expect(found.every(({ similarity }) => similarity > 0.9 && similarity <= 1)).toBe(true);
});

test('a class of three hundred with two hundred lines each never holds up heartbeats for 200 ms', async () => {
  const all = [python.original, python.disguised, ...python.honest].map((code) => code.trim().split('\n'));
  const codes = Array.from({ length: 300 }, (_, index) => {
    const lines: string[] = [];
    // functions in another order for each
    for (let n = index; lines.length < 200; n += 1 + (index % 5)) lines.push(...(all[n % all.length] ?? []));
    return lines.slice(0, 200).join('\n');
  });
  expect(await longestStep('python', codes)).toBeLessThan(200);
}, 60_000);
