import { expect, test } from 'vitest';
import { errorIn } from '#infra/local/notices.ts';

test.each([
  [{ level: 'ERROR', message: 'job.failed', error: { message: 'no table' } }, 'job.failed: no table'],
  [{ level: 'ERROR', message: 'job.failed' }, 'job.failed'],
  [
    { level: 'WARN', message: 'grading.off', reason: 'There is no prebuilt isolate for sunos-sparc.' },
    'programs cannot be run on this machine: There is no prebuilt isolate for sunos-sparc.',
  ],
  [{ level: 'WARN', message: 'grader.slow' }, undefined],
  [{ level: 'INFO', message: 'an "level":"ERROR" in words' }, undefined],
])('of a line %j the terminal says %s', (line, said) => {
  expect(errorIn(JSON.stringify(line))).toBe(said);
});

test('a line that is no JSON is said to nobody', () => {
  expect(errorIn('{"level":"ERROR"')).toBeUndefined();
});
