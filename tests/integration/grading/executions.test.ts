import '#tests/support/quiet.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { engineOf } from '#functions/tasks/grader/engine.ts';
import { codeOutput } from '#shared/contracts/code.ts';
import { workers } from '#shared/jobs/job.ts';
import { loads } from '#shared/jobs/load.ts';
import { openSandbox } from '#tests/integration/sandbox/world.ts';
import { startBackground } from '#tests/support/background.ts';
import { eventsOf, startGrader, startRinging, until } from '#tests/support/grader.ts';
import { refusal, refusedWith } from '#tests/support/refusal.ts';
import { aSchool, type Person } from '#tests/support/school.ts';

const background = await startBackground();
const school = await aSchool();
const { table } = school;
const sandbox = await openSandbox({ reuse: true });
const ringing = startRinging(table);
const grader = startGrader(table, engineOf(sandbox));
afterAll(async () => {
  await ringing.stop();
  await grader.end();
  await sandbox.close();
  await background.stop();
});

type Body = Parameters<Person['code']['execute']>[0]['body'];
const final = (status: string): boolean => status !== 'pending' && status !== 'running';
const run = async (person: Person, body: Body) => {
  const { execution_id } = await person.code.execute({ body });
  return until(
    () => person.code.getExecution({ params: { execution_id } }),
    ({ status }) => final(status),
  );
};
const mina = await school.person('student');

describe('a scratch run', () => {
  test('answers at once, runs, and keeps what it printed', async () => {
    const started = await mina.code.execute({ body: { code: 'print(int(input()) ** 2)', stdin: '12\n' } });
    expect(started).toMatchObject({ language: 'python', test_results: [], output: '', last_seq: 1 });
    const params = { execution_id: started.execution_id };
    const done = await until(
      () => mina.code.getExecution({ params }),
      ({ status }) => final(status),
    );
    expect(done).toMatchObject({
      status: 'success',
      output: '144\n',
      error: null,
      queue_position: null,
      error_code: null,
      test_results: [{ name: 'run', status: 'pass', input: '12\n', expected_output: null, output: '144\n' }],
    });
    expect(done.memory_usage_kb).toBeGreaterThan(0);
  });

  test('tells its end on the socket alone: the result’s summary, then the status', async () => {
    const { execution_id } = await run(mina, { code: 'console.log("안녕")', language: 'javascript' });
    const events = await eventsOf(table, execution_id);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
    expect(events.map(({ event_type, data }) => [event_type, data['status']])).toEqual([
      ['job.status', 'pending'],
      ['job.status', 'running'],
      ['code.result', 'success'],
      ['job.status', 'success'],
    ]);
    expect(events[2]?.data).toMatchObject({ verdicts: ['pass'], output: '안녕\n', error: null });
    for (const { data } of events) expect(Buffer.byteLength(JSON.stringify(data))).toBeLessThan(4_096);
  });

  test('streams what it prints while it runs, within bounds', async () => {
    // its limit ends it, after seconds on the loaded machine and two at least on any
    const code = 'n = 0\nwhile True:\n    n += 1\n    if n % 20000 == 0: print("line", n, "x" * 40)';
    const { execution_id, output, status } = await run(mina, { code });
    expect(status).toBe('timeout');
    const told = (await eventsOf(table, execution_id)).filter(
      ({ event_type }) => event_type === 'code.output',
    );
    expect(told.length).toBeGreaterThan(0);
    const pieces = told.map(({ data }) => codeOutput.parse(data));
    const text = pieces.map((piece) => piece.text).join('');
    expect(text.length).toBeLessThanOrEqual(16_100);
    expect(output.startsWith(text.slice(0, 500))).toBe(true);
    for (const piece of pieces) expect(piece).toMatchObject({ test: 0, stream: 'stdout' });
  });

  test('keeps only as much as an item holds, and says where it is cut', async () => {
    const tests = Array.from({ length: 10 }, (_, at) => ({ name: `t${at}` }));
    const code = 'print("한" * 15000)';
    const done = await run(mina, { code, test_cases: tests });
    expect(done.status).toBe('success');
    const bytes = done.test_results.map(({ output }) => Buffer.byteLength(output ?? ''));
    expect(Math.max(...bytes)).toBeLessThanOrEqual(15_000);
    expect(done.output.endsWith('(cut)')).toBe(true);
    expect(done.output).not.toContain('\uFFFD');
  });
});

describe('tests of one’s own', () => {
  const square = 'def square(n):\n    return n * n';

  test('of both forms are judged one by one, in order; a wrong answer is a success of the run', async () => {
    const done = await run(mina, {
      code: 'n = int(input())\nprint(n * n)\ndef square(n):\n    return n * n',
      test_cases: [
        { name: 'five', input: '5\n', expected_output: '25' },
        { name: 'six', input: '6\n', expected_output: '35' },
        { name: 'just runs', input: '7\n' },
        { kind: 'stdio', name: 'tokens', stdin: '8', expected: ' 64 ', checker: { kind: 'tokens' } },
      ],
    });
    expect(done.status).toBe('success');
    expect(done.test_results.map(({ name, status }) => [name, status])).toEqual([
      ['five', 'pass'],
      ['six', 'wrong_answer'],
      ['just runs', 'pass'],
      ['tokens', 'pass'],
    ]);
    expect(done.test_results[1]).toMatchObject({ input: '6\n', expected_output: '35', output: '36\n' });
  });

  test('that call a function pass values', async () => {
    const done = await run(mina, {
      code: square,
      test_cases: [{ kind: 'call', name: 'called', call: 'square', args: [9], expected: 81 }],
    });
    expect(done.test_results).toMatchObject([
      { name: 'called', status: 'pass', input: 'square(9)', expected_output: '81', output: '81' },
    ]);
  });

  test('each have a result when the program does not compile', async () => {
    const done = await run(mina, {
      code: 'print("a"\nx = (',
      test_cases: [
        { name: 'a', expected_output: 'a' },
        { name: 'b', expected_output: 'b' },
      ],
    });
    expect(done.status).toBe('error');
    expect(done.test_results.map(({ status }) => status)).toEqual(['compile_error', 'compile_error']);
    expect(done.error).toMatchObject({ type: 'SyntaxError' });
  });

  test('that never end are a timeout, those that fail an error with its line', async () => {
    const endless = await run(mina, {
      code: 'while (true) {}',
      language: 'javascript',
      test_cases: [{ kind: 'stdio', name: 'ends', expected: '', limits: { cpu_ms: 200 } }],
    });
    expect([endless.status, endless.test_results[0]?.status]).toEqual(['timeout', 'time_limit']);
    const failing = await run(mina, { code: 'x = 1\nprint(x / 0)' });
    expect(failing).toMatchObject({ status: 'error', error: { type: 'ZeroDivisionError', line: 2 } });
  });

  test('with a checker that breaks say so, and the run ends', async () => {
    const checker = { kind: 'custom', language: 'python', code: 'def check(i, o, e): return 1 / 0' } as const;
    const done = await run(mina, {
      code: 'print(1)',
      test_cases: [{ kind: 'stdio', name: 'broken', expected: '1', checker }],
    });
    expect(done.test_results[0]).toMatchObject({ status: 'internal', error: { type: 'CheckerError' } });
  });
});

describe('what may be run', () => {
  const execute = (body: unknown) => refusal(mina.code.execute({ body: body as Body }));

  test('is text with something in it, no longer than the school allows, in a language there is', async () => {
    expect(
      await Promise.all(
        [
          { code: '' },
          { code: ' \n\t' },
          { code: `#${'x'.repeat(10_000)}` },
          { code: 'print("\0")' },
          { code: 'print("\ud800")' },
          { code: 'x', language: 'cobol' },
          { code: 'x', stdin: '', test_cases: [{ name: 'a' }] },
          { code: 'x', test_cases: [] },
          { code: 'x', test_cases: Array.from({ length: 51 }, () => ({ name: 'a' })) },
          { code: 'x', test_cases: [{ name: 'a', weight: -1 }] },
          {
            code: 'x',
            test_cases: [
              { kind: 'stdio', name: 'a', expected: '', checker: { kind: 'regex', pattern: '(' } },
            ],
          },
          {
            code: 'x',
            test_cases: [
              { name: 'a', input: 'y'.repeat(250_000) },
              { name: 'b', input: 'y'.repeat(60_000) },
            ],
          },
        ].map(execute),
      ),
    ).toEqual(Array.from({ length: 12 }, () => '422 request.invalid'));
    const long = await refusedWith(mina.code.execute({ body: { code: 'x'.repeat(10_001) } }));
    expect(JSON.stringify(long.body)).toMatch(/"loc":\["body","code"\].*10000 characters/);
  });

  const stdio = { kind: 'stdio', name: 'a', expected: '' };
  const call = { kind: 'call', name: 'a', call: 'f', expected: 1 };
  test.each([
    [
      'a pattern that is none',
      { ...stdio, checker: { kind: 'regex', pattern: '(' } },
      ['checker', 'pattern'],
    ],
    [
      'a checker’s language',
      { ...stdio, checker: { kind: 'custom', language: 'c', code: 'x' } },
      ['checker'],
    ],
    ['a tolerance', { ...stdio, checker: { kind: 'float', tolerance: -1 } }, ['checker', 'tolerance']],
    ['a weight', { ...call, weight: -1 }, ['weight']],
    ['a limit', { ...call, limits: { cpu_ms: 1e9 } }, ['limits', 'cpu_ms']],
    ['no function’s name', { ...call, call: 'os.system' }, ['call']],
    ['a kind', { ...call, kind: 'other' }, ['kind']],
    ['a simple test’s input', { name: 'a', input: 5 }, ['input']],
  ])('%s of a test is named, whatever form the test has', async (_, wrong, at) => {
    const body = { code: 'x', test_cases: [wrong] } as unknown as Body;
    const refused = await refusedWith(mina.code.execute({ body }));
    expect(refused.status).toBe(422);
    const loc = JSON.stringify(['body', 'test_cases', 0, ...at]).slice(0, -1);
    expect(JSON.stringify(refused.body)).toContain(`"loc":${loc}`);
  });
});

describe('a person', () => {
  test('may have five runs waiting or running, each counted once; one that ends makes room', async () => {
    await until(
      () => table.get(loads, mina, { consistent: true }),
      (load) => load?.active === 0,
    );
    const joon = await school.person('student');
    const endless = { code: 'while True: pass' };
    const started = await Promise.allSettled(
      Array.from({ length: 8 }, () => joon.code.execute({ body: endless })),
    );
    const running = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(running.length).toBeGreaterThan(0);
    expect(running.length).toBeLessThanOrEqual(5);
    while (running.length < 5) running.push(await joon.code.execute({ body: endless }));
    const refused = await refusedWith(joon.code.execute({ body: endless }));
    expect([refused.summary, refused.retry_after_s]).toEqual(['429 run.limit', 5]);
    expect(refused.message).toContain('5 is the limit');
    for (const { execution_id } of running)
      expect(await joon.code.cancelExecution({ params: { execution_id } }).catch(() => 'ended')).toBeTruthy();
    await until(
      () => table.get(loads, joon, { consistent: true }),
      (load) => load?.active === 0,
    );
    expect((await joon.code.execute({ body: { code: 'print(1)' } })).status).toBe('pending');
  });

  test('may start thirty runs in a minute, and hears when there may be more', async () => {
    const sora = await school.person('student');
    const minute = new Date().toISOString().slice(0, 16);
    const load = { user_id: sora.user_id, active: 0, version: 1, started: 30 };
    await table.write(table.put(loads, { ...load, minute }));
    const refused = await refusedWith(sora.code.execute({ body: { code: 'print(1)' } }));
    // the minute may just have turned
    if (new Date().toISOString().slice(0, 16) !== minute) return;
    expect(refused.summary).toBe('429 run.rate');
    expect(refused.retry_after_s).toBeGreaterThan(0);
    expect(refused.retry_after_s).toBeLessThanOrEqual(60);
    await table.write(table.put(loads, { ...load, minute: '2020-01-01T00:00' }));
    expect((await sora.code.execute({ body: { code: 'print(1)' } })).status).toBe('pending');
  });

  test('who sends the same request again has one run', async () => {
    const ara = await school.person('student');
    const sent = await Promise.all(
      Array.from({ length: 10 }, () =>
        ara.code.execute({ body: { code: 'print(1)' }, idempotency_key: 'k' }),
      ),
    );
    expect(new Set(sent.map(({ execution_id }) => execution_id)).size).toBe(1);
    const other = ara.code.execute({ body: { code: 'print(2)' }, idempotency_key: 'k' });
    expect(await refusal(other)).toBe('409 idempotency.other_body');
  });

  test('stops a run that runs, and its grader writes nothing more', async () => {
    const nari = await school.person('student');
    const test_cases = Array.from({ length: 8 }, (_, at) => ({
      kind: 'stdio' as const,
      name: `t${at}`,
      expected: '',
      limits: { cpu_ms: 5_000 },
    }));
    const { execution_id } = await nari.code.execute({ body: { code: 'while True: pass', test_cases } });
    const params = { execution_id };
    await until(
      () => nari.code.getExecution({ params }),
      ({ status }) => status === 'running',
    );
    expect((await nari.code.cancelExecution({ params })).status).toBe('cancelled');
    expect((await nari.code.cancelExecution({ params })).status).toBe('cancelled');
    // the only slot is free again before the program would have ended by itself
    const since = performance.now();
    expect((await run(mina, { code: 'print(1)' })).status).toBe('success');
    expect(performance.now() - since).toBeLessThan(20_000);
    const events = await eventsOf(table, execution_id);
    expect(events.at(-1)?.data['status']).toBe('cancelled');
    expect((await nari.code.getExecution({ params })).test_results).toEqual([]);
    expect(await refusal(mina.code.cancelExecution({ params }))).toBe('404 execution.not_found');
  });
});

test('where no program can be run, that is said with the reason, and nothing is queued', async () => {
  const worker = { queue: 'grading', worker_id: 'newest', job_id: null } as const;
  const expires_at = Math.floor(Date.now() / 1000) + 300;
  const seen_at = new Date(Date.now() + 1_000).toISOString();
  const off_reason = 'There is no prebuilt isolate for plan9-x64.';
  await table.write(table.put(workers, { ...worker, off_reason, seen_at, expires_at }));
  const refused = await refusedWith(mina.code.execute({ body: { code: 'print(1)' } }));
  expect(refused.summary).toBe('503 grading.off');
  expect(refused.message).toContain('plan9');
  await table.write(table.put(workers, { ...worker, off_reason: null, seen_at, expires_at }));
  expect((await run(mina, { code: 'print(1)' })).status).toBe('success');
});
