import type { ItemParameters } from '../bank.ts';

/** θ_old = A θ_new + B. */
export interface Scale {
  readonly A: number;
  readonly B: number;
}

/**
 * An item of the new scale on the old one: a/A, A b + B; c and d stay. PCM, whose a is 1, becomes GPCM.
 * @throws RangeError unless A > 0 and B is finite
 */
export function linkItem(item: ItemParameters, { A, B }: Scale): ItemParameters {
  if (!(A > 0 && Number.isFinite(A) && Number.isFinite(B)))
    throw new RangeError(`a scale needs A > 0 and a finite B, not ${A} and ${B}`);
  const a = (item.a ?? 1) / A;
  if ('thresholds' in item) {
    const model = item.model === 'PCM' && A !== 1 ? 'GPCM' : item.model;
    const thresholds = item.thresholds.map((b) => A * b + B);
    return model === 'PCM' ? { model, thresholds } : { model, a, thresholds };
  }
  return { ...item, a, b: A * item.b + B };
}

/** θ of the new scale on the old one. */
export const linkTheta = (theta: number, { A, B }: Scale): number => A * theta + B;

/** θ of the old scale on the new one. */
export const unlinkTheta = (theta: number, { A, B }: Scale): number => (theta - B) / A;
