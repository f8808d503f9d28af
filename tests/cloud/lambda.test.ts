import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type FunctionSetting, LambdaFunction, type Machine } from '#infra/local/lambda/function.ts';
import { LogFiles } from '#infra/local/log-files.ts';
import { scratch } from '#tests/support/scratch.ts';

const folder = scratch('lambda');
const open = new Set<LambdaFunction>();
afterEach(async () => {
  await Promise.all([...open].map((one) => one.close()));
  open.clear();
});

interface Seen {
  readonly lines: string[];
  readonly failures: string[];
}

const machine = (cores: number, idleShare: number): Machine => ({ cores, idleMeter: () => () => idleShare });
const idle = machine(2, 1);
const busy = machine(2, 0);

let files = 0;
/** A function whose bundle is the given code. */
function lambda(
  code: string,
  options: Partial<FunctionSetting> = {},
  on?: Machine,
): { run: LambdaFunction; file: string } & Seen {
  files += 1;
  const file = join(folder, `bundle-${files}.mjs`);
  writeFileSync(file, code);
  const seen: Seen = { lines: [], failures: [] };
  const run = new LambdaFunction(
    {
      label: 'test',
      name: 'test',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:test',
      file,
      exportName: 'handler',
      memoryMb: 128,
      timeoutMs: 2000,
      concurrency: 2,
      environment: { COLOUR: 'green' },
      ...options,
    },
    {
      line: (_, line) => void seen.lines.push(line),
      failed: (_, __, { errorType, errorMessage }) =>
        void seen.failures.push(`${errorType}: ${errorMessage}`),
    },
    on,
  );
  open.add(run);
  return { run, file, ...seen };
}

test('the environment is the function’s own, and the context tells the time that is left', async () => {
  const { run } = lambda(`export const handler = async (event, context) => ({
    event, colour: process.env.COLOUR, home: process.env.HOME, left: context.getRemainingTimeInMillis(),
    arn: context.invokedFunctionArn, memory: context.memoryLimitInMB, id: context.awsRequestId,
  });`);
  const result = JSON.parse(await run.invoke({ a: 1 }));
  expect(result).toMatchObject({ event: { a: 1 }, colour: 'green', memory: '128', arn: run.setting.arn });
  expect(result.home).toBeUndefined();
  expect(result.left).toBeGreaterThan(1500);
  expect(result.left).toBeLessThanOrEqual(2000);
  expect(result.id).toMatch(/^[\da-f-]{36}$/);
});

const timed = `const id = Math.random();
  export const handler = async (ms) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return { id, at: Date.now() };
  };`;
const environments = async (run: LambdaFunction, waits_ms: readonly number[]): Promise<Set<number>> => {
  const replies = await Promise.all(waits_ms.map((ms) => run.invoke(ms)));
  return new Set(replies.map((reply) => JSON.parse(reply).id));
};

test('one worker runs one invocation at a time, and no more workers than the concurrency', async () => {
  const { run } = lambda(
    `let running = 0;
    const id = Math.random();
    export const handler = async () => {
      running += 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
      const most = running;
      running -= 1;
      return { id, most };
    };`,
    {},
    idle,
  );
  const results = (await Promise.all(Array.from({ length: 6 }, () => run.invoke({})))).map((one) =>
    JSON.parse(one),
  );
  expect(new Set(results.map(({ id }) => id)).size).toBe(2);
  expect(results.every(({ most }) => most === 1)).toBe(true);
});

test('as many environments are started as have to work side by side', async () => {
  const met = join(folder, 'met');
  // each waits until all four are in
  const { run } = lambda(
    `import { appendFileSync, statSync } from 'node:fs';
    const id = Math.random();
    export const handler = async (file) => {
      appendFileSync(file, '.');
      while (statSync(file).size < 4) await new Promise((resolve) => setTimeout(resolve, 5));
      return { id };
    };`,
    { concurrency: 4, timeoutMs: 20_000 },
    machine(4, 1),
  );
  const replies = await Promise.all([1, 2, 3, 4].map(() => run.invoke(met)));
  expect(new Set(replies.map((reply) => JSON.parse(reply).id)).size).toBe(4);
});

test('a function tells how many wait for their turn', async () => {
  const { run } = lambda(timed, {}, busy);
  await run.warm();
  expect(run.waiting).toBe(0);
  const burst = environments(run, [50, 1, 1, 1]);
  await Promise.resolve();
  expect(run.waiting).toBe(3);
  await burst;
  expect(run.waiting).toBe(0);
});

test('a burst of short invocations shares one environment, and nobody waits long behind a slow one', async () => {
  const { run } = lambda(timed);
  await run.warm();
  expect((await environments(run, [1, 1, 1, 1, 1, 1])).size).toBe(1);
  const [slow, next] = (await Promise.all([run.invoke(1800), run.invoke(1)])).map((one) => JSON.parse(one));
  expect(next.id).not.toBe(slow.id);
  expect(next.at).toBeLessThan(slow.at);
});

test('while every core is busy, those who wait share what comes back; while some are idle, they get more', async () => {
  const burst = Array.from({ length: 40 }, () => 60);
  const many = { concurrency: 4, timeoutMs: 20_000 };
  const [onBusy, onIdle] = [lambda(timed, many, busy), lambda(timed, many, idle)];
  for (const { run } of [onBusy, onIdle]) await run.warm();
  expect((await environments(onBusy.run, burst)).size).toBe(1);
  expect((await environments(onIdle.run, burst)).size).toBeGreaterThan(1);
});

test('who was served before finds the same environment again while it comes back, and another when it does not', async () => {
  const { run } = lambda(timed, { timeoutMs: 20_000 }, idle);
  const servedBy = async (client: string, ms: number): Promise<{ id: number; at: number }> =>
    JSON.parse(await run.invokeJson(JSON.stringify(ms), client));
  const [ofAda, ofBob] = await Promise.all([servedBy('ada', 600), servedBy('bob', 600)]);
  expect(ofAda.id).not.toBe(ofBob.id);
  const asked = Array.from({ length: 40 }, (_, at) => (at % 3 === 0 ? 'ada' : 'bob'));
  const served = await Promise.all(asked.map(async (who) => ({ who, ...(await servedBy(who, 2)) })));
  const strangers = served.filter(({ who, id }) => id !== (who === 'ada' ? ofAda : ofBob).id);
  // the last of the longer line go to whoever has nobody left
  expect(strangers.filter(({ who }) => who === 'ada')).toEqual([]);
  expect(strangers.length).toBeLessThan(20);
  const long = servedBy('ada', 1500);
  const meanwhile = await Promise.all(['bob', 'bob', 'ada'].map((who) => servedBy(who, 60)));
  const [{ id, at } = { id: 0, at: 0 }] = meanwhile.slice(-1);
  expect(id).not.toBe(ofAda.id);
  expect(at).toBeLessThan((await long).at);
});

test('what clients keep busy has a spare environment ready, unless the machine has no time for one', async () => {
  const code = `const startedAt = Date.now();
    export const handler = async (ms) => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      return startedAt;
    };`;
  const keepBusy = async ({ run }: { run: LambdaFunction }, client?: string): Promise<number[]> => {
    await run.warm();
    const until = performance.now() + 5_500;
    while (performance.now() < until) await run.invokeJson('50', client);
    const both = await Promise.all(['ada', 'bob'].map((who) => run.invokeJson('50', who)));
    return both.map(Number);
  };
  const [asked, onBusy, unasked, beyondCores, withoutTime] = await Promise.all([
    keepBusy(lambda(code, {}, idle), 'ada'),
    keepBusy(lambda(code, {}, busy), 'ada'),
    keepBusy(lambda(code, {}, idle)),
    keepBusy(lambda(code, {}, machine(1, 0.25)), 'ada'),
    keepBusy(lambda(code, {}, machine(1, 0.15)), 'ada'),
  ]);
  expect(new Set(asked).size).toBe(2);
  expect(new Set(onBusy).size).toBe(1);
  expect(new Set(unasked).size).toBe(1);
  expect(new Set(beyondCores).size).toBe(2);
  expect(new Set(withoutTime).size).toBe(1);
});

test('an environment lives on after an error that the handler throws, and is replaced after a timeout', async () => {
  const { run, failures } = lambda(
    `let calls = 0;
     export const handler = async (what) => {
       calls += 1;
       if (what === 'throw') throw new RangeError('too far');
       if (what === 'hang') await new Promise(() => setInterval(() => {}, 1000));
       return calls;
     };`,
    { timeoutMs: 300, concurrency: 1 },
  );
  await expect(run.invoke('throw')).rejects.toMatchObject({
    detail: { errorType: 'RangeError', errorMessage: 'too far' },
  });
  expect(await run.invoke('')).toBe('2');
  await expect(run.invoke('hang')).rejects.toThrow(/Sandbox\.Timedout: .*Task timed out after 0\.30 seconds/);
  expect(await run.invoke('')).toBe('1');
  expect(failures).toHaveLength(2);
});

test('waiting invocations get a new environment when the one before them breaks', async () => {
  const { run } = lambda(
    'export const handler = async (what) => (what === "exit" ? process.exit(4) : what);',
    { concurrency: 1 },
  );
  const results = await Promise.allSettled(['exit', 'one', 'exit', 'two'].map((what) => run.invoke(what)));
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
});

test('a bundle that cannot be loaded, or lacks its handler, says so at every invocation', async () => {
  const broken = lambda("import 'no-such-package'; export const handler = () => 1;");
  for (let time = 0; time < 2; time += 1) {
    await expect(broken.run.invoke({})).rejects.toThrow(/Cannot find package 'no-such-package'/);
  }
  const absent = lambda('export const other = () => 1;');
  await expect(absent.run.invoke({})).rejects.toThrow(/Runtime.HandlerNotFound: handler is not exported/);
  const throwing = lambda("throw new Error('no configuration');");
  await throwing.run.warm();
  expect(throwing.failures).toEqual(['Runtime.ImportModuleError: no configuration']);
});

test('a rebuilt bundle replaces the workers that run the old one', async () => {
  const { run, file } = lambda('export const handler = () => "old";');
  expect(await run.invoke({})).toBe('"old"');
  writeFileSync(file, 'export const handler = () => "new";');
  utimesSync(file, new Date(), new Date(Date.now() + 5000));
  expect(await run.invoke({})).toBe('"new"');
});

test('an unhandled rejection ends the environment, as it does in Lambda', async () => {
  const { run } = lambda(
    'export const handler = () => { void Promise.reject(new Error("nobody cares")); return new Promise(() => setTimeout(() => {}, 1000)); };',
  );
  await expect(run.invoke({})).rejects.toThrow(/nobody cares/);
});

test('what a function prints is reported line by line', async () => {
  const { run, lines } = lambda(
    'export const handler = () => { console.log("one\\ntwo"); console.error("three"); };',
  );
  expect(await run.invoke({})).toBe('null');
  await expect.poll(() => [...lines].sort()).toEqual(['one', 'three', 'two']);
});

test('log lines are JSON, and a full file makes way for a new one', () => {
  const logs = new LogFiles(join(folder, 'logs'), 200);
  logs.write('f', 'plain words', { level: 'INFO', request_id: 'r1' });
  logs.write('f', '{"message":"kept as it is"}');
  const [first, second] = readFileSync(join(folder, 'logs/f.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(first).toMatchObject({ message: 'plain words', level: 'INFO', request_id: 'r1' });
  expect(second).toEqual({ message: 'kept as it is' });
  for (let n = 0; n < 20; n += 1) logs.write('f', `{"n":${n},"padding":"${'x'.repeat(40)}"}`);
  logs.close();
  expect(readdirSync(join(folder, 'logs')).sort()).toEqual(['f.1.log', 'f.log']);
  expect(readFileSync(join(folder, 'logs/f.log'), 'utf8')).toContain('"n":19');
  const again = new LogFiles(join(folder, 'logs'), 200);
  again.write('f', '{"after":"restart"}');
  again.close();
  expect(readFileSync(join(folder, 'logs/f.log'), 'utf8')).toContain('"after":"restart"');
});
