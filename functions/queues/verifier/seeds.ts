import { createHmac } from 'node:crypto';

/** Episodes of a verification. */
export const episodes = 100;

/**
 * The seeds of a board's episodes: the same for every policy, so that luck is shared and asking again changes nothing,
 * and known to nobody who has not the school's secret. 48 bits each: none is found by trying from what a replay shows.
 */
export function hiddenSeeds(secret: string, environment: string, env_kwargs: string): number[] {
  return Array.from({ length: episodes }, (_, i) => {
    const text = JSON.stringify(['board', environment, env_kwargs, i]);
    return createHmac('sha256', secret).update(text).digest().readUIntBE(0, 6);
  });
}
