import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { TestInput } from '#shared/domain/grading/types.ts';
import { openSandbox } from './world.ts';

const slow = 'n = int(input())\nx = 0\nwhile x < 2_000_000: x += 1\nprint(n * n)\n';
const input = (stdin: string): TestInput => ({
  kind: 'stdio',
  stdin,
  seed: 1,
  limits: { cpu_ms: 10_000, memory_mb: 128, output_bytes: 65_536 },
});
const tests = ['5\n', '7\n'].map(input);
const program = { language: 'python', code: slow } as const;

describe('whatever becomes of a runner', () => {
  it('killed by somebody else while it works: the verdict is right', async () => {
    await using sandbox = await openSandbox();
    const running = sandbox.run(program, tests);
    await sleep(150);
    for (const pid of sandbox.pids) process.kill(pid, 'SIGKILL');
    expect((await running).map(({ stdout }) => stdout)).toEqual(['25\n', '49\n']);
    expect(sandbox.warnings.map(({ what }) => what)).toContain('runner.died');
  });

  it('killed again and again by somebody else: no verdict, and none that blames the program', async () => {
    await using sandbox = await openSandbox();
    const running = sandbox.run(program, tests);
    const killing = setInterval(() => {
      for (const pid of sandbox.pids) process.kill(pid, 'SIGKILL');
    }, 200);
    const outcomes = (await running.finally(() => clearInterval(killing))).map(({ outcome }) => outcome);
    expect(outcomes).toContain('internal');
    expect(outcomes.filter((outcome) => !['ok', 'internal', 'skipped'].includes(outcome))).toEqual([]);
  });

  it('killed between two programs: the next has another', async () => {
    await using sandbox = await openSandbox();
    for (const pid of sandbox.pids) process.kill(pid, 'SIGKILL');
    expect((await sandbox.run(program, tests)).map(({ stdout }) => stdout)).toEqual(['25\n', '49\n']);
  });

  it('stopped: it is found out and the program runs again', async () => {
    await using sandbox = await openSandbox();
    const short = tests.map((each) => ({ ...each, limits: { ...each.limits, cpu_ms: 1_000 } }));
    const [pid] = sandbox.pids;
    if (pid === undefined) throw new Error('no runner');
    process.kill(pid, 'SIGSTOP');
    const results = await sandbox.run({ language: 'python', code: 'print(int(input())**2)\n' }, short);
    expect(results.map(({ stdout }) => stdout)).toEqual(['25\n', '49\n']);
    expect(sandbox.warnings).toContainEqual(expect.objectContaining({ what: 'runner.killed' }));
  });

  it('programs wait for a free slot and each gets its own results', async () => {
    await using sandbox = await openSandbox({ slots: 2, reuse: true });
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        sandbox.run(
          {
            language: at % 2 === 0 ? 'javascript' : 'python',
            code: at % 2 === 0 ? `console.log(${at})` : `print(${at})`,
          },
          [input('')],
        ),
      ),
    );
    expect(all.map(([result]) => result?.stdout)).toEqual(Array.from({ length: 8 }, (_, at) => `${at}\n`));
  });
});

it('an aborted run rejects, waiting or running, and the slot is free again', async () => {
  await using sandbox = await openSandbox();
  const first = new AbortController();
  const second = new AbortController();
  const running = sandbox.run({ language: 'python', code: 'while True: pass\n' }, tests, {
    signal: first.signal,
  });
  const waiting = sandbox.run(program, tests, { signal: second.signal });
  second.abort();
  await expect(waiting).rejects.toThrow('abort');
  first.abort();
  await expect(running).rejects.toThrow('abort');
  expect(await sandbox.run({ language: 'javascript', code: 'console.log(1)' }, [input('')])).toMatchObject([
    { stdout: '1\n' },
  ]);
});

it('a closed sandbox rejects what runs and what comes', async () => {
  const sandbox = await openSandbox();
  const running = sandbox.run({ language: 'python', code: 'while True: pass\n' }, tests);
  await sleep(100);
  await sandbox.close();
  await expect(running).rejects.toThrow('closed');
  await expect(sandbox.run(program, tests)).rejects.toThrow('closed');
});

describe.runIf(process.platform === 'linux')('the process of a runner', () => {
  it('has no environment, no rights and little of anything', async () => {
    await using sandbox = await openSandbox();
    const [pid] = sandbox.pids;
    const read = (file: string) => readFileSync(`/proc/${pid}/${file}`, 'utf8');
    expect(read('environ').replaceAll('\0', '')).toBe('');
    const limits = read('limits');
    expect(limits).toMatch(/Max core file size\s+0 /);
    expect(limits).toMatch(/Max file size\s+0 /);
    expect(limits).toMatch(/Max open files\s+64 /);
    expect(read('oom_score_adj').trim()).toBe('1000');
    const status = read('status');
    expect(status).toMatch(/CapEff:\s+0+\n/);
    if (process.getuid?.() === 0) expect(status).toMatch(/Uid:\s+65534\s+65534\s+65534\s+65534/);
  });
});
