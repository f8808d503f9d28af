import type { CodeVerdicts } from '#shared/contracts/code.ts';
import type { Test, Verdict } from '#shared/domain/grading/types.ts';
import type { NewEvent } from '#shared/jobs/advance.ts';
import type { News } from './teller.ts';

/**
 * The verdicts of a job's tests so far. Each event has them all, so that it needs no other one to be understood, and
 * nothing of a test but its verdict and whether it is hidden.
 */
export class Verdicts implements News {
  readonly #attempt: number;
  readonly #hidden: readonly number[];
  readonly #verdicts: (Verdict | null)[];
  #isNew = false;

  constructor({ attempt }: { readonly attempt: number }, tests: readonly Pick<Test, 'visibility'>[]) {
    this.#attempt = attempt;
    this.#hidden = tests.flatMap(({ visibility }, test) => (visibility === 'hidden' ? [test] : []));
    this.#verdicts = tests.map(() => null);
  }

  /** `internal` is none: another try may come to a better one. */
  add(test: number, verdict: Verdict): void {
    if (verdict === 'internal') return;
    this.#verdicts[test] = verdict;
    this.#isNew = true;
  }

  /** With the last verdict the result itself is about to be told. */
  get isNew(): boolean {
    return this.#isNew && this.#verdicts.includes(null);
  }

  take(): NewEvent[] {
    this.#isNew = false;
    const data: CodeVerdicts = {
      attempt: this.#attempt,
      verdicts: [...this.#verdicts],
      hidden: [...this.#hidden],
    };
    return [{ type: 'code.verdicts', data }];
  }
}
