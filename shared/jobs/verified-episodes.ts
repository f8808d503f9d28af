import * as z from 'zod';

const episode = z.object({
  environment: z.string(),
  env_kwargs: z.record(z.string(), z.unknown()),
  reward: z.number(),
  length: z.int(),
  frames: z.array(z.array(z.number())),
  actions: z.array(z.union([z.number(), z.array(z.number())])),
});

/** What is kept of the episodes that a policy played for a board: nothing of their seeds. */
export const storedEpisodes = z.object({ median: episode, best: episode });
export type StoredEpisodes = z.output<typeof storedEpisodes>;
