import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Every gate of the IRT engine: the unit tests, and the campaigns that take too long for each run of the tests. */
export default defineConfig({
  root: join(import.meta.dirname, '../../..'),
  test: {
    include: ['tests/unit/irt/**/*.test.ts', 'tests/campaigns/irt/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
