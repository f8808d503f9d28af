import type { StartWorld } from '#shared/jobs/start-training.ts';

/** What the use-cases of this function work with. */
export type StudioWorld = StartWorld;
