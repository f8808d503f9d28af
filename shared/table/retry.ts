import { conflict, type DomainError } from '../errors.ts';
import { ConditionFailed } from './table.ts';

const attempts = 4;
const waitMs = (attempt: number): number => Math.random() * 10 * 2 ** attempt;

const changedMeanwhile = (): DomainError =>
  conflict('write.conflict', 'Somebody else changed this at the same moment. Try again.');

/**
 * Read, decide, write; and three times again when somebody else wrote between the read and the write.
 *
 * `work` must read afresh each time it runs.
 */
export async function retried<T>(work: () => Promise<T>): Promise<T> {
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
