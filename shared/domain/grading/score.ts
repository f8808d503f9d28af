import type { Test, Verdict } from './types.ts';

/**
 * The grade, 0…100, of a program: the share of the weights whose tests pass, with two decimals. Where no test weighs
 * anything, all of them must pass.
 */
export function gradeOf(tests: readonly Pick<Test, 'weight'>[], verdicts: readonly Verdict[]): number {
  const passes = (index: number): boolean => verdicts[index] === 'pass';
  const all = tests.reduce((sum, { weight }) => sum + weight, 0);
  if (all === 0) return tests.every((_, index) => passes(index)) ? 100 : 0;
  const passed = tests.reduce((sum, { weight }, index) => sum + (passes(index) ? weight : 0), 0);
  return Math.round((passed / all) * 10_000) / 100;
}

const errors: readonly Verdict[] = [
  'runtime_error',
  'memory_limit',
  'output_limit',
  'compile_error',
  'internal',
];

/** The public word of a scratch run: a wrong answer is a success of the run. */
export function runStatus(verdicts: readonly Verdict[]): 'success' | 'error' | 'timeout' {
  if (verdicts.includes('time_limit')) return 'timeout';
  return verdicts.some((verdict) => errors.includes(verdict)) ? 'error' : 'success';
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** A test with a seed: its own, or one that follows from its id, so that the same test always runs the same way. */
export const seeded = <T extends Pick<Test, 'id' | 'seed'>>(test: T): T & { readonly seed: number } => ({
  ...test,
  seed: test.seed ?? fnv1a(test.id),
});
