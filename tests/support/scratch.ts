import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of a run of tests, which removes it: a worker is ended without a chance to do so. Else this process's own. */
const root = process.env['LYCEUM_SCRATCH'] ?? ownRoot();

function ownRoot(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lyceum-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A new temporary folder that goes at the latest with all of a run of tests, or with this process. */
export const scratch = (name: string): string => mkdtempSync(join(root, `${name}-`));
