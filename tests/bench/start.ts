import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform } from '#tests/support/platform.ts';
import { type Figure, median } from './measure.ts';

const runs = 5;

/** From the start of the process to ready, when everything has been built before. */
export async function benchmark(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lyceum-bench-'));
  try {
    const took: number[] = [];
    for (let run = 0; run <= runs; run++) {
      const platform = await startPlatform({ data: join(folder, 'data') });
      if (run > 0) took.push(platform.tookMs);
      await platform.stop();
    }
    return [{ name: 'second start to ready', value: Math.round(median(took)), unit: 'ms', target: 3000 }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
