import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/support/longest-first.ts';

const wholePlatform = { globalSetup: './tests/support/shared-platform.ts' };

/** For the folders of all tests: a worker is ended without a chance to remove its own. */
const scratch = mkdtempSync(join(tmpdir(), 'lyceum-tests-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));

const project = (name: string, testTimeout: number, more = {}) => ({
  test: {
    ...more,
    name,
    include: [`tests/${name}/**/*.test.ts`],
    testTimeout,
    env: {
      POWERTOOLS_METRICS_NAMESPACE: 'Lyceum',
      POWERTOOLS_METRICS_DISABLED: 'true',
      LYCEUM_SCRATCH: scratch,
    },
    hookTimeout: 120_000,
    // what is waited for comes late on a busy machine
    expect: { poll: { timeout: 20_000 } },
  },
});

export default defineConfig({
  test: {
    // tests wait half of their time: with vitest's one worker on two cores, so would the cores
    maxWorkers: Math.max(3, Math.floor(availableParallelism() / 2)),
    sequence: { sequencer: LongestFirst },
    projects: [
      // nothing in unit and infra is kept between tests: a worker imports each module once
      project('unit', 30_000, { isolate: false }),
      project('cloud', 30_000),
      project('integration', 60_000),
      project('infra', 60_000, { isolate: false }),
      project('platform', 120_000, wholePlatform),
      project('e2e', 120_000, wholePlatform),
    ],
  },
});
