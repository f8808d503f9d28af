import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DataFolder } from './data-folder.ts';
import { Failure } from './failure.ts';
import { spawnLeashed } from './leash.ts';

const projectRoot = join(import.meta.dirname, '../..');

/** Everything that the assembly is made from. The runner's own code is not part of it. */
const inputs = ['infra', 'functions', 'shared', 'package-lock.json', 'cdk.json'];
const notInputs = [join('infra', 'local')];

/** How many assemblies are kept besides those in use. */
const kept = 2;

export interface PrepareOptions {
  readonly school: string;
  /** Where to keep assemblies when node_modules cannot be written. */
  readonly fallback: string;
  readonly phase: (text: string) => void;
}

/** The assembly to run: LYCEUM_ASSEMBLY names one that is ready, for the runner's own tests. */
export const assemblyOf = (
  school: string,
  data: DataFolder,
  phase: PrepareOptions['phase'],
): Promise<string> => {
  const given = process.env['LYCEUM_ASSEMBLY'];
  return given ? Promise.resolve(given) : prepareAssembly({ school, fallback: data.at('assembly'), phase });
};

/** The cloud assembly of a school: from the cache when nothing that it is made from has changed. */
export async function prepareAssembly({ school, fallback, phase }: PrepareOptions): Promise<string> {
  const schoolFile = join(projectRoot, 'infra/schools', `${school}.json`);
  if (!existsSync(schoolFile))
    throw new Failure(`There is no school "${school}": infra/schools/${school}.json does not exist.`);
  const cache = cacheFolder(fallback);
  const entry = join(cache, `${school}-${fingerprint()}`);
  const assembly = join(entry, 'assembly');
  if (!existsSync(assembly)) await make(school, entry, phase);
  use(entry);
  prune(cache, entry);
  return assembly;
}

function cacheFolder(fallback: string): string {
  for (const folder of [join(projectRoot, 'node_modules/.cache/lyceum'), fallback]) {
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, '.writable'), '');
      return folder;
    } catch {
      // Installed by somebody else: the next one.
    }
  }
  throw new Failure(`Neither node_modules nor ${fallback} can be written.`);
}

/** A hash of names and contents of all inputs: 20 ms, and right where times of modification are not. */
export function fingerprint(): string {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap(filesBelow).sort()) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(projectRoot, file)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 24);
}

function filesBelow(path: string): string[] {
  const stat = statSync(join(projectRoot, path), { throwIfNoEntry: false });
  if (stat === undefined || notInputs.includes(path)) return [];
  if (!stat.isDirectory()) return [path];
  return readdirSync(join(projectRoot, path)).flatMap((name) => filesBelow(join(path, name)));
}

/** Built beside its place and renamed, so that a half-made assembly is never taken for a whole one. */
async function make(school: string, entry: string, phase: (text: string) => void): Promise<void> {
  const draft = `${entry}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const child = spawnLeashed(
    process.execPath,
    [join(import.meta.dirname, 'build-assembly.ts'), school, draft],
    {
      cwd: projectRoot,
      env: { ...process.env, CDK_OUTDIR: '', NODE_NO_WARNINGS: '1' },
    },
  );
  const complaints: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => complaints.push(line));
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'build') phase('Build functions, tasks and the console');
    else if (line === 'synth') phase('Synthesise the template');
    else complaints.push(line);
  });
  const { code } = await child.exited;
  if (code !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw new Failure(`The build failed:\n\n${complaints.join('\n')}`);
  }
  rmSync(join(draft, 'dist'), { recursive: true, force: true });
  try {
    renameSync(draft, entry);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another run was quicker.
    if (!existsSync(join(entry, 'assembly'))) throw error;
  }
}

/** Marks an entry as read by this process. */
function use(entry: string): void {
  const users = join(entry, 'users');
  mkdirSync(users, { recursive: true });
  writeFileSync(join(users, String(process.pid)), '');
  process.once('exit', () => rmSync(join(users, String(process.pid)), { force: true }));
}

function prune(cache: string, current: string): void {
  const entries = readdirSync(cache, { withFileTypes: true })
    .filter((one) => one.isDirectory())
    .map((one) => join(cache, one.name))
    .filter((path) => path !== current && !isUsed(path))
    .sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  for (const path of entries.slice(kept)) rmSync(path, { recursive: true, force: true });
}

function isUsed(entry: string): boolean {
  const draftOf = Number(entry.split('.').at(-1));
  if (Number.isInteger(draftOf) && isAlive(draftOf)) return true;
  const users = join(entry, 'users');
  return existsSync(users) && readdirSync(users).some((pid) => isAlive(Number(pid)));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
