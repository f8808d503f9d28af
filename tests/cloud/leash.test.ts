import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { spawnLeashed } from '#infra/local/leash.ts';
import { sleep } from '#tests/support/cloud.ts';

const node = (script: string) => spawnLeashed(process.execPath, ['-e', script]);

const firstLine = async (stream: NodeJS.ReadableStream): Promise<string> =>
  String((await once(stream, 'data'))[0]).trim();

/** A zombie is dead, however long init takes to collect it (in containers, long). */
const isAlive = (pid: number): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
};

const untilDead = async (pids: number[], within_ms: number): Promise<number[]> => {
  const deadline = performance.now() + within_ms;
  while (performance.now() < deadline && pids.some(isAlive)) await sleep(10);
  return pids.filter(isAlive);
};

test('output and exit code pass through, with nothing left to wait for', async () => {
  const child = node('console.log("out"); console.error("err"); process.exit(7)');
  const [out, err, exit] = await Promise.all([text(child.stdout), text(child.stderr), child.exited]);
  expect({ out, err, code: exit.code }).toEqual({ out: 'out\n', err: 'err\n', code: 7 });
  expect(child.running).toBe(false);
});

test('arguments and environment arrive unharmed by the shell', async () => {
  const args = ['a b', "quo'te", '$HOME', '*', ''];
  const script = 'console.log(JSON.stringify([process.argv.slice(1), process.env.GREETING]))';
  const child = spawnLeashed(process.execPath, ['-e', script, '--', ...args], {
    env: { GREETING: 'hi "you"' },
  });
  expect(JSON.parse(await text(child.stdout))).toEqual([args, 'hi "you"']);
});

test('a command that does not exist ends with 127', async () => {
  expect((await spawnLeashed('/no/such/command', []).exited).code).toBe(127);
});

test('SIGTERM reaches the child, which ends in its own time with its own code', async () => {
  const child = node(
    'process.on("SIGTERM", () => setTimeout(() => process.exit(3), 100)); setInterval(() => {}, 1000); console.log("up")',
  );
  await firstLine(child.stdout);
  expect(await child.stop('SIGTERM', 5_000)).toEqual({ code: 3, signal: null });
});

test('a child that ignores SIGTERM is killed after the grace', async () => {
  const child = node(
    'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log(process.pid)',
  );
  const pid = Number(await firstLine(child.stdout));
  const started = performance.now();
  await child.stop('SIGTERM', 200);
  expect(performance.now() - started).toBeGreaterThan(190);
  expect(await untilDead([pid], 1_000)).toEqual([]);
});

test('a child killed by a signal is reported as 128 + its number', async () => {
  const child = node('process.kill(process.pid, "SIGKILL")');
  expect((await child.exited).code).toBe(137);
});

const familyScript = `
  const grandchild = require('node:child_process').spawn('sleep', ['600'], { stdio: 'ignore' });
  process.on('SIGTERM', () => process.exit(0));
  setInterval(() => {}, 1000);
  console.log(process.pid + ' ' + grandchild.pid);`;

test('grandchildren go with the child', async () => {
  const child = node(familyScript);
  const pids = (await firstLine(child.stdout)).split(' ').map(Number);
  await child.stop();
  expect(pids).toHaveLength(2);
  expect(await untilDead(pids, 1_000)).toEqual([]);
});

test('kill -9 of the parent leaves no child, no grandchild and no leash', async () => {
  const leash = new URL('../../infra/local/leash.ts', import.meta.url).href;
  const parentScript = `
    const { spawnLeashed } = await import(${JSON.stringify(leash)});
    const child = spawnLeashed(process.execPath, ['-e', ${JSON.stringify(familyScript)}]);
    child.stdout.on('data', (data) => console.log(child.pid + ' ' + data));`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', parentScript], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pids = (await firstLine(parent.stdout)).split(/\s+/).map(Number);
  expect(pids).toHaveLength(3);
  expect(pids.filter(isAlive)).toEqual(pids);
  parent.kill('SIGKILL');
  expect(await untilDead(pids, 2_000)).toEqual([]);
});

test('a hundred short children each give back their own code', async () => {
  const codes = Array.from({ length: 100 }, (_, index) => index);
  const exits = await Promise.all(
    codes.map((code) => spawnLeashed('/bin/sh', ['-c', `exit ${code}`]).exited),
  );
  expect(exits.map(({ code }) => code)).toEqual(codes);
});
