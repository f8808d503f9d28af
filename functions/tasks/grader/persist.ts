import { setTimeout as sleep } from 'node:timers/promises';
import { leaseMs } from '#shared/jobs/lifecycle.ts';
import { errorFields, logger } from '#shared/observability.ts';

/** Errors that say what is, not that something is out of order. */
export class Final extends Error {}

/**
 * Does something that AWS may fail at now and then, again and again while the lease of a job would last; a job that
 * cannot be written for longer is somebody else's.
 */
export async function persist<T>(
  what: string,
  act: (attempt: number) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const since = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await act(attempt);
    } catch (error) {
      if (error instanceof Final || performance.now() - since > leaseMs) throw error;
      logger.warn('grader.tries_again', { what, attempt, ...errorFields(error) });
      await sleep(Math.random() * Math.min(2_000, 25 * 2 ** attempt), undefined, { signal }).catch(() => {
        throw error;
      });
    }
  }
}
