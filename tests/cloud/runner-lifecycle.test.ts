import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from 'vitest';
import { connect } from '#infra/local/connect.ts';
import { type Platform, runToEnd, startPlatform } from '#tests/support/platform.ts';
import { scratch } from '#tests/support/scratch.ts';
import { fixtureAssembly } from './fixtures/assembly.ts';
import { call, counted, eventually, isAlive, item, jsonOf, post } from './world.ts';

const assembly = fixtureAssembly();
const folder = scratch('lifecycle');
let running: Platform | undefined;

const start = async (data: string, options: Parameters<typeof startPlatform>[0] = {}): Promise<Platform> => {
  running = await startPlatform({ assembly, data: join(folder, data), ...options });
  return running;
};
const fails = (args: readonly string[], env: Record<string, string> = {}) =>
  runToEnd(['--port', '0', ...args], { LYCEUM_ASSEMBLY: assembly, ...env });

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

interface Launched {
  readonly tasks: readonly { readonly taskArn: string }[];
}
/** A task that waits for the signal to stop. */
const launch = (platform: Platform, name: string): Promise<Launched> =>
  jsonOf(post(platform, 'run', { command: ['node', 'main.mjs', 'wait', name], token: name }));

/** Process ids below a process, with its descendants. */
function descendants(pid: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const pairs = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.filter(([, ppid]) => ppid === parent).flatMap(([child = 0]) => [child, ...below(child)]);
  return below(pid);
}

test('what is stored survives an orderly stop, the administrator is announced once', async () => {
  const first = await start('kept');
  expect(first.output()).toContain('shown this once');
  expect(first.output()).toContain(first.adminEmail);
  await post(first, 'put', { pk: 'a', sk: 'b', name: '서울' });
  expect(await first.stop()).toBe(0);
  expect(first.output()).toContain('Everything is stopped and kept.');

  const second = await start('kept', { env: { LYCEUM_ADMIN_PASSWORD: 'another password' } });
  expect(second.output()).not.toContain('shown this once');
  expect(await item(second, 'a', 'b')).toMatchObject({ name: '서울' });
  await counted(second, 'started', 'count', 2);
}, 120_000);

test('a password of one’s own is not printed, a generated one is, once', async () => {
  const chosen = await start('chosen');
  expect(chosen.output()).toContain('with the password of LYCEUM_ADMIN_PASSWORD');
  expect(chosen.output()).not.toContain(chosen.adminPassword);
  await chosen.stop();
  const generated = await start('generated', { env: { LYCEUM_ADMIN_EMAIL: '', LYCEUM_ADMIN_PASSWORD: '' } });
  expect(generated.output()).toMatch(/admin@fixture\.example\n {4}\S{20,}\n/);
}, 120_000);

test('an operator’s command reaches the data through the running platform, or without one', async () => {
  const first = await start('operated');
  const read = async (): Promise<unknown> => {
    process.env['LYCEUM_ASSEMBLY'] = assembly;
    const connection = await connect(join(folder, 'operated'));
    const variables = connection.variablesOf('Http');
    const client = new DynamoDBClient({
      region: variables['AWS_REGION'] ?? '',
      endpoint: variables['AWS_ENDPOINT_URL'] ?? '',
      credentials: { accessKeyId: variables['AWS_ACCESS_KEY_ID'] ?? '', secretAccessKey: 'local' },
    });
    const Key = { pk: { S: 'a' }, sk: { S: 'b' } };
    const { Item } = await client.send(new GetItemCommand({ TableName: variables['TABLE_NAME'], Key }));
    await connection.close();
    return Item?.['name']?.S;
  };
  await post(first, 'put', { pk: 'a', sk: 'b', name: '서울' });
  expect(await read()).toBe('서울');
  await first.stop();
  expect(await read()).toBe('서울');
  await expect(connect(join(folder, 'nothing'))).rejects.toThrow('holds no school');
}, 120_000);

test('in the adverse mode everything still arrives, in the end', async () => {
  const platform = await start('adverse', { faults: 11 });
  const names = Array.from({ length: 30 }, (_, n) => `adverse${n}`);
  // a function may give up after its own attempts; its client asks again
  const surely = async (status: number, ask: () => Promise<{ readonly status: number }>) =>
    expect.poll(async () => (await ask()).status, { timeout: 30_000 }).toBe(status);
  for (const sk of names) {
    await surely(201, () => post(platform, 'put', { pk: 'source', sk, type: 'event' }));
    await surely(202, () => post(platform, 'send', sk));
  }
  for (const sk of names) {
    await counted(platform, 'read', sk);
    await counted(platform, 'worked', sk);
  }
}, 120_000);

test('kill -9 leaves no child; the next start goes on with streams, queues and tasks', async () => {
  const first = await start('killed');
  const lost = await eventually(async () => {
    const { tasks } = await launch(first, 'lost');
    return tasks[0]?.taskArn;
  });
  const task = await eventually(() => item(first, 'task lost', `started ${lost}`), 120_000);
  // In flight at the moment of the kill: messages, and records that no function has seen.
  await Promise.all(Array.from({ length: 20 }, (_, n) => post(first, 'send', `m${n}`)));
  await Promise.all(
    Array.from({ length: 20 }, (_, n) => post(first, 'put', { pk: 'source', sk: `k${n}`, type: 'event' })),
  );
  const children = descendants(first.pid);
  expect(children.length).toBeGreaterThan(2);
  await first.kill();
  await eventually(async () => (children.some(isAlive) ? undefined : true), 5_000);
  expect(isAlive(Number(task['pid']))).toBe(false);

  const second = await start('killed');
  for (let n = 0; n < 20; n += 1) {
    await counted(second, 'worked', `m${n}`);
    await counted(second, 'read', `k${n}`);
  }
  expect(await eventually(() => item(second, 'stopped', String(lost)))).toMatchObject({
    exit_code: 137,
    reason: 'The host of the task was lost',
  });
}, 120_000);

test('a task is given the time to save its work when everything stops', async () => {
  const first = await start('saving');
  const { tasks } = await launch(first, 's');
  await eventually(() => item(first, 'task s', `started ${tasks[0]?.taskArn}`), 120_000);
  await first.stop();
  const second = await start('saving');
  expect(await item(second, 'task s', 'saved')).toBeDefined();
  expect(await eventually(() => item(second, 'stopped', String(tasks[0]?.taskArn)))).toMatchObject({
    exit_code: 0,
  });
}, 120_000);

test('two platforms with their own port and folder live side by side', async () => {
  const one = await start('one');
  await using two = await startPlatform({ assembly, data: join(folder, 'two') });
  await post(one, 'put', { pk: 'a', sk: 'b' });
  expect((await call(two, 'plain')).status).toBe(200);
  expect(await item(two, 'a', 'b')).toBeUndefined();
}, 120_000);

test('--fresh renames the old folder and starts empty', async () => {
  const first = await start('old');
  await post(first, 'put', { pk: 'a', sk: 'b' });
  await first.stop();
  const second = await start('old', { args: ['--fresh'] });
  expect(await item(second, 'a', 'b')).toBeUndefined();
  const moved = readdirSync(folder).filter((name) => name.startsWith('old.'));
  expect(moved).toHaveLength(1);
  expect(existsSync(join(folder, moved[0] ?? '', 'lyceum.json'))).toBe(true);
}, 120_000);

test('a folder in use, a taken port and a setup that fails end the start with one sentence', async () => {
  const first = await start('used');
  const inUse = await fails(['--data', join(folder, 'used')]);
  expect(inUse).toMatchObject({ code: 1 });
  expect(inUse.output).toContain('is in use by another run of Lyceum');

  const { port } = new URL(first.origin);
  const taken = await runToEnd(['--port', port, '--data', join(folder, 'taken')], {
    LYCEUM_ASSEMBLY: assembly,
  });
  expect(taken).toMatchObject({ code: 1 });
  expect(taken.output).toContain(`Port ${port} on 127.0.0.1 is taken.`);

  const failing = await fails(['--data', join(folder, 'failing')], {
    LYCEUM_ASSEMBLY: fixtureAssembly({ FAIL_SETUP: 'yes' }),
  });
  expect(failing).toMatchObject({ code: 1 });
  expect(failing.output).toContain('SetupTrigger failed: Setup ended with Error: no school today');
}, 120_000);

test('a folder of other files, one that cannot be, and damaged ones are refused with a sentence', async () => {
  const foreign = join(folder, 'foreign');
  mkdirSync(foreign);
  writeFileSync(join(foreign, 'thesis.txt'), 'mine');
  for (const args of [[], ['--fresh']]) {
    const refused = await fails(['--data', foreign, ...args]);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.output).toContain('holds other files');
  }
  expect(readdirSync(foreign)).toEqual(['thesis.txt']);

  const file = await fails(['--data', join(foreign, 'thesis.txt')]);
  expect(file).toMatchObject({ code: 1 });
  expect(file.output).toContain('is not a folder');
  const impossible = await fails(['--data', '/proc/lyceum']);
  expect(impossible).toMatchObject({ code: 1 });
  expect(impossible.output).toContain('cannot be written');

  const first = await start('damaged');
  await first.stop();
  for (const name of [
    'state.sqlite',
    'sqs.sqlite',
    'secrets.json',
    's3/index.sqlite',
    'dynamodb/dynamodb.sqlite',
    'lyceum.json',
  ]) {
    const path = join(folder, 'damaged', name);
    const whole = readFileSync(path);
    const refused = async () => {
      const damaged = await fails(['--data', join(folder, 'damaged')]);
      expect([name, damaged.code]).toEqual([name, 1]);
      expect(damaged.output).toContain('is damaged');
      expect(damaged.output).not.toMatch(/\n\s+at /);
    };
    writeFileSync(path, 'not what it was');
    await refused();
    rmSync(path);
    if (name !== 'lyceum.json') await refused();
    writeFileSync(path, whole);
  }
}, 120_000);

test('a port that is taken by another program is named', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? String(address.port) : '';
  const taken = await runToEnd(['--port', port, '--data', join(folder, 'taken-2')], {
    LYCEUM_ASSEMBLY: assembly,
  });
  other.close();
  expect(taken).toMatchObject({ code: 1 });
  expect(taken.output).toContain(`Port ${port} on 127.0.0.1 is taken.`);
}, 120_000);

test('an unknown option, a bad port and half an administrator are errors', async () => {
  const unknown = await runToEnd(['--prot', '1']);
  expect(unknown).toMatchObject({ code: 1 });
  expect(unknown.output).toContain("Unknown option '--prot'");
  expect((await runToEnd(['--port', '99999'])).output).toContain('--port must be a number');
  expect((await runToEnd(['--help'])).code).toBe(0);
  const half = await fails(['--data', join(folder, 'half')], { LYCEUM_ADMIN_EMAIL: 'a@b.c' });
  expect(half.output).toContain('must be given together');
  expect((await runToEnd(['--host='])).output).toContain('--host must be an address');
  expect((await runToEnd(['--data='])).output).toContain('--data must be a folder');
}, 120_000);

test('a first administrator who could not sign in is refused before anything is kept', async () => {
  const refused = async (email: string, password: string) =>
    (
      await fails(['--data', join(folder, 'refused')], {
        LYCEUM_ADMIN_EMAIL: email,
        LYCEUM_ADMIN_PASSWORD: password,
      })
    ).output;
  expect(await refused('nobody', 'correct horse battery')).toContain(
    'must be an e-mail address, not "nobody"',
  );
  expect(await refused('a@b.example', 'short')).toContain('a password has at least 8 characters');
  expect(await refused('a@b.example', 'password')).toContain('easily guessed');
  const accepted = await start('refused');
  expect(accepted.output()).toContain(accepted.adminEmail);
}, 120_000);

test('--host opens the console, and nothing else, on a further address', async () => {
  const platform = await start('host', { args: ['--host', '127.0.0.2'] });
  const { port } = new URL(platform.origin);
  expect((await fetch(`http://127.0.0.2:${port}/api/thing`)).status).toBe(200);
  expect(platform.output()).toContain(`http://127.0.0.2:${port}`);
  expect(platform.output()).toMatch(/[▀▄█]{5}/);
  const environment = await jsonOf(call(platform, 'environment'));
  expect(environment['PUBLIC_ORIGINS']).toContain(`http://127.0.0.2:${port}`);
  await expect(fetch(platform.gateway.replace('127.0.0.1', '127.0.0.2'))).rejects.toThrow();
  const nowhere = await fails(['--data', join(folder, 'nowhere'), '--host', '203.0.113.9']);
  expect(nowhere.output).toContain('This machine has no address 203.0.113.9');
}, 120_000);
