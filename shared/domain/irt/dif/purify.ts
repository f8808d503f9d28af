import type { Responses } from '../calibrate/responses.ts';
import type { DifClass, DifOptions } from './groups.ts';

/** What `purified` needs of a test's outcome. */
interface Classified {
  readonly item: number;
  readonly class: DifClass | null;
}

export interface Purified<T extends Classified> {
  readonly results: readonly T[];
  /** Items of the matching score in the end. */
  readonly anchors: readonly number[];
  readonly rounds: number;
  /** Whether the last round changed no class. */
  readonly stable: boolean;
}

/**
 * Repeats a test of differential item functioning, leaving the items with DIF (class B or C) out of the matching score
 * until that set stays the same (Holland & Thayer 1988; Candell & Drasgow 1988). The studied item always counts.
 *
 * @param test `difMantelHaenszel` or `difLogistic`
 */
export function purified<T extends Classified>(
  test: (responses: Responses, focal: ArrayLike<boolean | number>, options: DifOptions) => readonly T[],
  responses: Responses,
  focal: ArrayLike<boolean | number>,
  { max_rounds = 10 }: { readonly max_rounds?: number } = {},
): Purified<T> {
  const all = Array.from({ length: responses.items }, (_, i) => i);
  let anchors: readonly number[] = all;
  for (let rounds = 1; ; rounds++) {
    const results = test(responses, focal, { anchors });
    const clean = results.filter((result) => result.class === 'A').map(({ item }) => item);
    const stable = clean.join() === anchors.join();
    if (stable || rounds === max_rounds || clean.length === 0) return { results, anchors, rounds, stable };
    anchors = clean;
  }
}
