import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratch } from '#tests/support/scratch.ts';

const source = join(import.meta.dirname, '../../infra/local/start.mjs');

/** A project with a lockfile of one package, an npm that only takes notes, and a "platform" that says what it got. */
function project() {
  const root = scratch('start');
  const local = join(root, 'infra/local');
  mkdirSync(local, { recursive: true });
  cpSync(source, join(local, 'start.mjs'));
  const write = (name: string, content: unknown) =>
    writeFileSync(join(root, name), typeof content === 'string' ? content : JSON.stringify(content));
  write(
    'infra/local/main.ts',
    "const args: string[] = process.argv.slice(2);\nconsole.log('main', ...args);\n",
  );
  const lock = (version: string) =>
    write('package-lock.json', { packages: { '': {}, 'node_modules/a': { version } } });
  lock('1.0.0');
  write(
    'npm.js',
    `const fs = require('node:fs');
     fs.appendFileSync('${join(root, 'npm.log')}', process.argv.slice(2).join(' ') + '\\n');
     if (process.env.NPM_FAILS) process.exit(9);
     fs.mkdirSync('${join(root, 'node_modules')}', { recursive: true });`,
  );
  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      execFile(
        process.execPath,
        [join(local, 'start.mjs'), ...args],
        { env: { ...process.env, npm_execpath: join(root, 'npm.js'), npm_lifecycle_event: '', ...env } },
        (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });
  const installs = () => {
    const log = join(root, 'npm.log');
    return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0;
  };
  return { root, write, lock, run, installs, start: join(local, 'start.mjs') };
}

test('dependencies are installed once, and again when the lockfile changes', async () => {
  const { run, installs, lock } = project();
  const first = await run(['--port', '1']);
  expect(first).toMatchObject({ code: 0 });
  expect(first.out).toContain('Installing the dependencies');
  expect(first.out).toContain('main --port 1');
  const second = await run([]);
  expect(second.out).not.toContain('Installing');
  expect(installs()).toBe(1);
  lock('1.0.1');
  await run([]);
  expect(installs()).toBe(2);
});

test('what npm has installed by itself is not installed again, something older is', async () => {
  const { run, installs, write, root } = project();
  mkdirSync(join(root, 'node_modules'));
  write('node_modules/.package-lock.json', { packages: { 'node_modules/a': { version: '1.0.0' } } });
  expect((await run([])).out).toBe('main\n');
  expect(installs()).toBe(0);
  const other = project();
  mkdirSync(join(other.root, 'node_modules'));
  other.write('node_modules/.package-lock.json', { packages: { 'node_modules/a': { version: '0.9.0' } } });
  await other.run([]);
  expect(other.installs()).toBe(1);
});

test('an installation that fails ends with a sentence, and is tried again next time', async () => {
  const { run, installs } = project();
  const failed = await run([], { NPM_FAILS: 'yes' });
  expect(failed.code).toBe(1);
  expect(failed.err).toContain('The dependencies could not be installed: "npm ci" ended with code 9.');
  expect((await run([])).code).toBe(0);
  expect(installs()).toBe(2);
});

test('--run starts a TypeScript file or a tool with its arguments and passes its exit code on', async () => {
  const { run, write, root } = project();
  write(
    'tool.ts',
    'const code: number = Number(process.argv[2]);\nconsole.log(process.version);\nprocess.exit(code);\n',
  );
  const result = await run(['--run', 'tool.ts', '7']);
  expect(result.code).toBe(7);
  expect(Number(/^v(\d+)/.exec(result.out.split('\n').at(-2) ?? '')?.[1])).toBeGreaterThanOrEqual(24);

  mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
  write('node_modules/hello.js', "console.log('hello', ...process.argv.slice(2));");
  symlinkSync('../hello.js', join(root, 'node_modules/.bin/hello'));
  symlinkSync('/bin/echo', join(root, 'node_modules/.bin/echo'));
  expect((await run(['--run', 'hello', 'a', '--b'])).out).toBe('hello a --b\n');
  expect((await run(['--run', 'echo', 'native'])).out).toBe('native\n');
  const unknown = await run(['--run', 'nothing']);
  expect(unknown).toMatchObject({ code: 1 });
  expect(unknown.err).toContain('There is no tool "nothing"');
});

test('signals reach what was started, once', async () => {
  const { run, write, start } = project();
  await run([]);
  write(
    'wait.ts',
    `let signals = 0;
     for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => {
       signals += 1;
       setTimeout(() => { console.log(name, signals); process.exit(3); }, 200);
     });
     setInterval(() => {}, 1000);
     console.log('waiting');`,
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const child = spawn(process.execPath, [start, '--run', 'wait.ts'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const chunks: string[] = [];
    child.stdout.on('data', (chunk) => chunks.push(String(chunk)));
    await once(child.stdout, 'data');
    child.kill(signal);
    const [code] = await once(child, 'exit');
    expect([code, chunks.join('')]).toEqual([3, `waiting\n${signal} 1\n`]);
  }
});

test('when npm is killed, what it started ends in order', async () => {
  const { run, write, root } = project();
  await run([]);
  write(
    'infra/local/main.ts',
    `import { writeFileSync } from 'node:fs';
     process.on('SIGTERM', () => { writeFileSync('${join(root, 'ended')}', ''); process.exit(0); });
     writeFileSync('${join(root, 'begun')}', '');
     setInterval(() => {}, 1000);`,
  );
  // npm, a shell, and the script.
  const npm = `require('node:child_process').spawn('sh', ['-c', '"${process.execPath}" infra/local/start.mjs; true'], { stdio: 'ignore' });`;
  const env = { ...process.env, npm_lifecycle_event: 'start' };
  const child = spawn(process.execPath, ['-e', npm], { cwd: root, env, stdio: 'ignore' });
  await expect.poll(() => existsSync(join(root, 'begun')), { timeout: 10_000 }).toBe(true);
  child.kill('SIGKILL');
  await expect.poll(() => existsSync(join(root, 'ended')), { timeout: 10_000 }).toBe(true);
});
