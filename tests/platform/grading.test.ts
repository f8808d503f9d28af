import { describe, expect, inject, test } from 'vitest';
import { codeContract } from '#shared/contracts/code.ts';
import { createClient } from '#shared/http/client.ts';
import { follow, signUp } from '#tests/support/person.ts';

describe('a program on a running platform', () => {
  const platform = inject('platform');

  test('goes from the request over the queue to the grader, and its verdict comes over the socket', async () => {
    const student = await signUp(platform.origin);
    const code = createClient(codeContract, { origin: platform.origin, token: () => student.token });
    for (const [language, source] of [
      ['python', 'print(int(input()) ** 2)'],
      [
        'typescript',
        "const n: number = Number(require('fs').readFileSync(0, 'utf8'));\nconsole.log(n ** 2);",
      ],
    ] as const) {
      const body = { code: source, language, stdin: '12\n' };
      const started = await code.execute({ body, idempotency_key: language });
      const { execution_id } = started;
      using watched = follow(student, execution_id);
      const told = await watched.until(({ type }) => type === 'code.result');
      expect(told.data).toMatchObject({ status: 'success', verdicts: ['pass'], output: '144\n' });
      await watched.until(({ type, data }) => type === 'job.status' && data['status'] === 'success');
      expect(watched.events.map(({ seq }) => seq)).toEqual(watched.events.map((_, at) => at + 1));
      expect(await code.getExecution({ params: { execution_id } })).toMatchObject({
        status: 'success',
        output: '144\n',
        queue_position: null,
      });
      // the same request again is the same run
      expect((await code.execute({ body, idempotency_key: language })).execution_id).toBe(execution_id);
    }
  });
});
