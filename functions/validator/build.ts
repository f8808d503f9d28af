import { createHash } from 'node:crypto';
import { constants, existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { constants as zstd, zstdCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { loadPyodide, type PyodideAPI } from 'pyodide';

const here = import.meta.dirname;
const projectRoot = join(here, '../..');
const modules = join(projectRoot, 'node_modules');
const rules = join(here, 'python');
/** Beside the cache of assemblies, not in it: that one is tidied up by its owner. */
const cache = join(modules, '.cache/lyceum-validator');

/** Files that go along as they are: asset -> below node_modules. */
const copied: Readonly<Record<string, string>> = {
  'python/pyodide.mjs': 'pyodide/pyodide.mjs',
  'python/pyodide.asm.mjs': 'pyodide/pyodide.asm.mjs',
  'python/pyodide.asm.wasm': 'pyodide/pyodide.asm.wasm',
  'python/python_stdlib.zip': 'pyodide/python_stdlib.zip',
  'typescript/amaro.cjs': 'amaro/dist/internal.js',
  'typescript/LICENSE.amaro.md': 'amaro/LICENSE.md',
  'typescript/LICENSE.swc': 'amaro/dist/LICENSE',
};
const lock = 'python/pyodide-lock.json';
const snapshot = 'python/snapshot.zst';
const stamp = 'assets.json';

/**
 * Writes beside the function's bundle what its threads load: `parser.mjs`, CPython with a snapshot of its memory
 * in which our rules are already imported, and the stripper of types. A second build with the same inputs writes
 * nothing; the snapshot (3 s) is made once for all folders.
 */
export async function buildValidatorAssets(outdir: string): Promise<void> {
  await mkdir(outdir, { recursive: true });
  await bundleParser(outdir);
  const version = fingerprint();
  const stamped = join(outdir, stamp);
  if (existsSync(stamped) && (await readFile(stamped, 'utf8')) === version) return;
  const made = await makeOnce(version);
  const files = [...Object.entries(copied), ...[lock, snapshot].map((name) => [name, undefined] as const)];
  for (const [name, source] of files)
    await put(source ? join(modules, source) : join(made, name), join(outdir, name));
  await writeFile(stamped, version);
}

async function bundleParser(outdir: string): Promise<void> {
  const file = join(outdir, 'parser.mjs');
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: [join(here, 'parser/main.ts')],
    bundle: true,
    write: false,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    charset: 'utf8',
    legalComments: 'none',
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  });
  const [{ text } = { text: '' }] = outputFiles;
  if (existsSync(file) && (await readFile(file, 'utf8')) === text) return;
  await replace(file, (draft) => writeFile(draft, text));
}

/** A hash of names and contents of all that the assets are made from. */
function fingerprint(): string {
  const hash = createHash('sha256').update(process.version);
  const inputs = [...Object.values(copied), 'pyodide/pyodide-lock.json'].map((name) => join(modules, name));
  for (const file of [...inputs, ...ruleFiles(), import.meta.filename])
    hash
      .update(`${file.slice(projectRoot.length)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

const ruleNames = ['__init__', 'check', 'errors', 'imports', 'names', 'rules', 'slips', 'source', 'walk'];
const ruleFiles = () => ruleNames.map((name) => join(rules, `${name}.py`));

/** The lock file without packages and the snapshot, from the cache if they were made before. */
async function makeOnce(version: string): Promise<string> {
  const folder = join(cache, version);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'draft-'));
  await mkdir(join(draft, 'python'));
  await writeFile(join(draft, lock), lockWithoutPackages());
  await writeFile(join(draft, snapshot), await makeSnapshot(join(draft, lock)));
  try {
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // another build was quicker
    if (!existsSync(folder)) throw error;
  }
  await forgetOthers(version);
  return folder;
}

async function forgetOthers(version: string): Promise<void> {
  const others = (await readdir(cache)).filter((name) => /^[0-9a-f]{64}$/.test(name) && name !== version);
  await Promise.all(others.map((name) => rm(join(cache, name), { recursive: true, force: true })));
}

/** Nobody may install packages: the list of them is most of the file, and all of the risk. */
function lockWithoutPackages(): string {
  const text = readFileSync(join(modules, 'pyodide/pyodide-lock.json'), 'utf8');
  const { info } = JSON.parse(text) as { readonly info: unknown };
  return JSON.stringify({ info, packages: {} });
}

/** pyodide marks it as internal: it has no type. */
type WithSnapshot = PyodideAPI & { readonly makeMemorySnapshot: () => Uint8Array };

/** CPython's memory after it has imported our rules and used them once. */
async function makeSnapshot(lockFile: string): Promise<Uint8Array> {
  const interpreter = (await loadPyodide({
    indexURL: join(modules, 'pyodide'),
    lockFileContents: readFileSync(lockFile, 'utf8'),
    packageBaseUrl: 'file:///',
    env: {},
    _makeSnapshot: true,
  })) as WithSnapshot;
  interpreter.FS.mkdirTree('/rules/validator');
  for (const name of ruleNames)
    interpreter.FS.writeFile(`/rules/validator/${name}.py`, readFileSync(join(rules, `${name}.py`)));
  interpreter.runPython(`
import sys
sys.path.insert(0, '/rules')
sys.dont_write_bytecode = True
from validator.check import check
for program in ('def f(x=[]):\\n    y = 1\\n    while True: pass\\npritn(f())\\n', 'print("한" is 1', '"\\\\d"\\n'):
    check(program, '["os"]')
sys.path.remove('/rules')
`);
  return zstdCompressSync(interpreter.makeMemorySnapshot(), {
    params: { [zstd.ZSTD_c_compressionLevel]: 15 },
  });
}

const put = (from: string, to: string): Promise<void> =>
  replace(to, (draft) => copyFile(from, draft, constants.COPYFILE_FICLONE));

/** Written beside its place and renamed, so that nobody reads half a file. */
async function replace(file: string, write: (draft: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await write(draft);
  await rename(draft, file);
}
