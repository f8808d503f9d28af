import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new temporary folder that goes when this process ends, or with all of a run of tests. */
export function scratch(name: string): string {
  const folder = mkdtempSync(join(process.env['LYCEUM_SCRATCH'] ?? tmpdir(), `lyceum-${name}-`));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
