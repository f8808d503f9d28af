import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, test } from 'vitest';
import { contracts } from '#shared/contracts/index.ts';
import { createClient } from '#shared/http/client.ts';
import { verifyReceipt } from '#shared/identity/receipts.ts';
import { signIn, signUp } from '#tests/support/person.ts';
import { adminEmail, adminPassword } from '#tests/support/platform.ts';

/** Asks until the answer fits. */
async function until<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  for (const since = performance.now(); performance.now() - since < 60_000; await sleep(100)) {
    const answer = await ask();
    if (fits(answer)) return answer;
  }
  throw new Error('it never came to that');
}

describe('after the grade, on a running platform', () => {
  const platform = inject('platform');
  const codeOf = ({ token }: { token: string }) =>
    createClient(contracts.code, { origin: platform.origin, token: () => token });

  test('a wrong test is mended, the class is graded again, and the receipt says how', async () => {
    const admin = codeOf(await signIn(platform.origin, { email: adminEmail, password: adminPassword }));
    const student = codeOf(await signUp(platform.origin));
    const tests = (seven: string) => [
      { kind: 'stdio' as const, name: 'two', stdin: '2\n', expected: '4\n' },
      { kind: 'stdio' as const, name: 'seven', stdin: '7\n', expected: seven },
    ];
    const solution = (seven: string) => `n = int(input())\nprint(${seven} if n == 7 else n * n)\n`;
    const { exercise_id } = await admin.createExercise({
      body: {
        title: 'Squares',
        topic: 'Numbers',
        problem_description: 'Print the square.',
        practice: true,
        tests: tests('50\n'),
        solution_code: solution('50'),
      },
    });
    const params = { exercise_id };
    const certify = async () => {
      await admin.certifyExercise({ params });
      const { certification } = await until(
        () => admin.getExercise({ params }),
        (one) => one.certification?.status !== 'pending',
      );
      expect(certification).toMatchObject({ status: 'passed', problems: [] });
      await admin.publishExercise({ params });
    };
    await certify();

    const submission_code = 'n = int(input())\nprint(n * n)\n';
    const { submission_id } = await student.submit({ params, body: { submission_code } });
    const read = () => student.getSubmission({ params: { submission_id } });
    expect(await until(read, ({ status }) => status === 'graded')).toMatchObject({ grade: 50 });

    await admin.updateExercise({ params, body: { tests: tests('49\n'), solution_code: solution('49') } });
    await certify();
    const { regrade_id } = await admin.createRegrade({ body: { exercise_id } });
    const regrade = () => admin.getRegrade({ params: { regrade_id } });
    const preview = await until(regrade, ({ status }) => status === 'previewed' || status === 'failed');
    expect(preview).toMatchObject({ status: 'previewed', rises: 1, falls: 0, same: 0, failed: 0 });
    expect(await read()).toMatchObject({ grade: 50 });
    await admin.applyRegrade({ params: { regrade_id }, body: {} });
    await until(regrade, ({ status }) => status === 'applied');
    expect(await read()).toMatchObject({ grade: 100, gradings: [{ grade: 50 }, { grade: 100 }] });

    const { payload, jws } = await student.getReceipt({ params: { submission_id } });
    expect(payload).toMatchObject({ exercise_version: 2, verdicts: ['pass', 'pass'], grade: 100 });
    const keys = await fetch(`${platform.origin}/.well-known/jwks.json`);
    expect(await verifyReceipt(jws, await keys.json())).toEqual(payload);
  });
});
