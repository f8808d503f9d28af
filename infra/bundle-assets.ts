import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { bundleAssets, projectRoot } from './bundles.ts';

/** A hash of all that the assets are made from; what makes them may write it last, and is then spared. */
const stampName = 'assets.sha256';

/** How many sets of one builder's assets are kept: branches come and go. */
const kept = 3;

const cache = join(projectRoot, 'node_modules/.cache/lyceum-assets');

/**
 * Puts what lies beside some bundles into `outdir`. Each set is made by the function's own code, in a process of its
 * own, because infra imports no function; it does nothing when its folder is up to date. A new folder starts as a
 * copy of the last set (0.1 s), because making one takes seconds.
 *
 * Returns what could not be made, with the reason.
 */
export async function buildBundleAssets(outdir: string): Promise<string[]> {
  const present = Object.entries(bundleAssets).filter(([, { file }]) => existsSync(join(projectRoot, file)));
  const problems = await Promise.all(
    present.map(([folder, { file, make }]) => buildSet(join(outdir, folder), file, make)),
  );
  return problems.filter((problem) => problem !== undefined);
}

const program =
  'const [file, make, folder] = process.argv.slice(1); await (await import(file))[make](folder);';

async function buildSet(target: string, file: string, make: string): Promise<string | undefined> {
  const sets = join(cache, dirname(file).replaceAll('/', '-'));
  mkdirSync(target, { recursive: true });
  if (stampOf(target) === undefined) copyLatest(sets, target);
  const before = stampOf(target);
  const source = pathToFileURL(join(projectRoot, file)).href;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, source, make, target], {
    cwd: projectRoot,
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  if (code !== 0) return `${file} failed:\n${complaint.trim()}`;
  if (stampOf(target) !== before) keep(target, sets);
  return undefined;
}

function stampOf(folder: string): string | undefined {
  const file = join(folder, stampName);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

function copyLatest(sets: string, target: string): void {
  const [latest] = newestFirst(sets);
  if (latest === undefined) return;
  // The stamp comes last: a copy that is cut short is no set.
  cpSync(latest, target, { recursive: true, filter: (source) => !source.endsWith(stampName) });
  cpSync(join(latest, stampName), join(target, stampName));
}

/** Sets are never written to again, so that several builds may read and add them at once. */
function keep(target: string, sets: string): void {
  const draft = join(sets, `.${process.pid}`);
  try {
    mkdirSync(sets, { recursive: true });
    // Bundles and the Dockerfile come and go beside the assets.
    cpSync(target, draft, { recursive: true, filter: (source) => !isBundle(target, source) });
    renameSync(draft, join(sets, stampOf(target) ?? ''));
  } catch {
    // Not writable, or another build was quicker: the next new folder costs a build more.
    rmSync(draft, { recursive: true, force: true });
  }
  for (const old of newestFirst(sets).slice(kept)) rmSync(old, { recursive: true, force: true });
}

function newestFirst(sets: string): string[] {
  if (!existsSync(sets)) return [];
  return readdirSync(sets)
    .filter((name) => !name.startsWith('.'))
    .map((name) => join(sets, name))
    .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
}

/** What esbuild and the copy of the Dockerfile write into the same folder. */
const isBundle = (folder: string, file: string): boolean =>
  dirname(file) === folder && /\/((index|main|runner)\.mjs(\.map)?|Dockerfile)$/.test(file);
