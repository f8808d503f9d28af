import type { Language, Limits } from './types.ts';

/** Limits of a test that says nothing of its own. */
export const defaultLimits = (language: Language): Limits => ({
  cpu_ms: 2_000,
  memory_mb: language === 'python' ? 128 : 64,
  output_bytes: 65_536,
});

/** The most a test may be given. */
export const highestLimits: Limits = { cpu_ms: 10_000, memory_mb: 256, output_bytes: 262_144 };

/** All tests of one run together. */
export const runLimits = { tests: 50, wall_ms: 20_000 } as const;

/** What one may hand in: characters of source (a school may raise it), and what the engine takes at all. */
export const sourceLimits = { characters: 10_000, highest_characters: 65_536 } as const;
