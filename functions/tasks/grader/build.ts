import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { highestLimits } from '#shared/domain/grading/limits.ts';
import { filterArchs, filterFile, seccompFilter } from './sandbox/seccomp.ts';
import { capMemory } from './wasm-memory.ts';

const here = dirname(fileURLToPath(import.meta.url));
const packages = createRequire(import.meta.url);
const folderOf = (name: string) => dirname(packages.resolve(`${name}/package.json`));

/**
 * Writes into `outdir` what the runner needs beside its bundle: the prebuilt isolated-vm, Pyodide with its memory
 * capped, the scripts that run inside an isolate, and the memory snapshot, which is made here. When nothing that goes
 * into it has changed since, does nothing.
 */
export async function buildGraderAssets(outdir: string): Promise<void> {
  const stamp = join(outdir, 'assets.sha256');
  const wanted = graderAssetsHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(stamp, { force: true });
  copyIsolatedVm(join(outdir, 'node_modules/isolated-vm'));
  cpSync(join(here, 'runner/inside'), join(outdir, 'inside'), { recursive: true });
  writePyodide(join(outdir, 'python'));
  for (const arch of filterArchs) writeFileSync(join(outdir, filterFile(arch)), seccompFilter(arch));
  await makeSnapshot(outdir);
  writeFileSync(stamp, wanted);
}

function copyIsolatedVm(target: string): void {
  const source = folderOf('isolated-vm');
  for (const part of ['package.json', 'isolated-vm.js', 'LICENSE', 'prebuilds'])
    cpSync(join(source, part), join(target, part), { recursive: true });
}

function writePyodide(target: string): void {
  const source = folderOf('pyodide');
  mkdirSync(target, { recursive: true });
  const read = (name: string) => readFileSync(join(source, name));
  writeFileSync(join(target, 'python_stdlib.zip'), read('python_stdlib.zip'));
  const pages = highestLimits.memory_mb * 16;
  writeFileSync(join(target, 'pyodide.asm.wasm'), capMemory(read('pyodide.asm.wasm'), pages));
  writeFileSync(join(target, 'pyodide.asm.js'), interpreterScript(read('pyodide.asm.mjs').toString()));
  writeFileSync(join(target, 'pyodide.js'), loaderScript(read('pyodide.mjs').toString()));
  const { info }: { info: unknown } = JSON.parse(read('pyodide-lock.json').toString());
  writeFileSync(join(target, 'pyodide-lock.json'), JSON.stringify({ info, packages: {} }));
}

/** The interpreter's module as a script, its heap limited by the host of each isolate. */
function interpreterScript(module: string): string {
  const script = replaceAll(module, [
    ['export default _createPyodideModule;', 'globalThis.lyceumPyodide=_createPyodideModule;'],
    ['import.meta.url', '"file:///p/pyodide.asm.js"'],
    ['getHeapMax=()=>4294901760', 'getHeapMax=()=>lyceumHeapMax()'],
  ]);
  return `(()=>{const lyceumHeapMax=globalThis.lyceumHost.heapMax;${script}})();`;
}

function loaderScript(module: string): string {
  const exported = /export\{(\w+) as loadPyodide,\w+ as version\};/.exec(module);
  if (exported === null) throw new Error('pyodide.mjs no longer exports loadPyodide as it did.');
  return replaceAll(module, [[exported[0], `globalThis.lyceumLoad=${exported[1]};`]]);
}

function replaceAll(text: string, replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce((done, [from, to]) => {
    if (!done.includes(from)) throw new Error(`Pyodide no longer contains ${from}`);
    return done.replaceAll(from, to);
  }, text);
}

/** In a process of its own: an isolate that fails takes its process with it, and this one may be a whole build. */
async function makeSnapshot(folder: string): Promise<void> {
  const script = join(here, 'snapshot.ts');
  await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', script, folder], {
    env: {},
  });
}

/** Changes with whatever goes into the assets. */
export function graderAssetsHash(): string {
  const hash = createHash('sha256');
  const versions = ['pyodide', 'isolated-vm'].map((name) =>
    readFileSync(join(folderOf(name), 'package.json'), 'utf8'),
  );
  const inside = readdirSync(join(here, 'runner/inside')).sort();
  const sources = [
    'build.ts',
    'sandbox/seccomp.ts',
    'snapshot.ts',
    'wasm-memory.ts',
    'runner/python.ts',
    ...inside.map((name) => `runner/inside/${name}`),
  ];
  for (const version of versions) hash.update(version);
  hash.update(JSON.stringify(highestLimits));
  for (const source of sources) hash.update(readFileSync(join(here, source)));
  return hash.digest('hex');
}

if (import.meta.main) {
  const [, , outdir] = process.argv;
  if (outdir === undefined) throw new Error('Usage: node build.ts <folder>');
  await buildGraderAssets(outdir);
}
