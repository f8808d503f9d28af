import { conflict, type DomainError } from '../errors.ts';
import { ConditionFailed } from './table.ts';

/** Several tabs of one person and the worker that ends what they began may meet more than three times in a row. */
const usualAttempts = 8;
const waitMs = (attempt: number): number => Math.random() * Math.min(200, 10 * 2 ** attempt);

const changedMeanwhile = (): DomainError =>
  conflict('write.conflict', 'Somebody else changed this at the same moment. Try again.');

/**
 * Read, decide, write; and again, some times, when somebody else wrote between the read and the write.
 *
 * `work` must read afresh each time it runs.
 */
export async function retried<T>(work: () => Promise<T>, attempts = usualAttempts): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      if (attempt === attempts) throw changedMeanwhile();
      await new Promise((resolve) => setTimeout(resolve, waitMs(attempt)));
    }
  }
}
