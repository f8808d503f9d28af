import { at, type Bank } from '../bank.ts';
import type { Responses } from '../calibrate/responses.ts';
import { createCurves, evaluate, logProbabilityOf } from '../models/curves.ts';
import { checkResponses } from './s-x2.ts';

/** Mean squared residuals, which are about 1 where the model holds: above it noise, below it too neat. */
export interface MeanSquares {
  /** Σ z²/n: weighs surprises far from the person's level. */
  readonly outfit: number;
  /** Σ (x − E)²/Σ Var: weighs answers near the person's level. */
  readonly infit: number;
  /**
   * (Σ ln P_x − Σ E ln P)/√Σ Var ln P (Drasgow, Levine & Williams 1985; mirt's Zh): negative where answers are less
   * likely than the model has it.
   */
  readonly lz: number;
  /** Responses. */
  readonly n: number;
}

/** An answer against the model: expected score and its variance, ln P of what was given, its mean and variance. */
interface Residual {
  readonly score: number;
  readonly variance: number;
  readonly logP: number;
  readonly meanLogP: number;
  readonly varianceLogP: number;
}

const curves = createCurves();

function residual(bank: Bank, item: number, theta: number, category: number): Residual {
  evaluate(bank, item, theta, curves);
  let [mean, square, meanLogP, squareLogP] = [0, 0, 0, 0];
  for (let k = 0; k < curves.categories; k++) {
    const p = at(curves.p, k);
    const logP = logProbabilityOf(curves, k);
    mean += k * p;
    square += k * k * p;
    meanLogP += p * logP;
    squareLogP += p * logP * logP;
  }
  return {
    score: category - mean,
    variance: square - mean * mean,
    logP: logProbabilityOf(curves, category),
    meanLogP,
    varianceLogP: squareLogP - meanLogP * meanLogP,
  };
}

class MeanSquareSums {
  #n = 0;
  #standardised = 0;
  #squares = 0;
  #variance = 0;
  #logP = 0;
  #logVariance = 0;

  add({ score, variance, logP, meanLogP, varianceLogP }: Residual, count: number): void {
    this.#n += count;
    this.#standardised += (count * score * score) / variance;
    this.#squares += count * score * score;
    this.#variance += count * variance;
    this.#logP += count * (logP - meanLogP);
    this.#logVariance += count * varianceLogP;
  }

  get result(): MeanSquares {
    return {
      outfit: this.#standardised / this.#n,
      infit: this.#squares / this.#variance,
      lz: this.#logP / Math.sqrt(this.#logVariance),
      n: this.#n,
    };
  }
}

/**
 * Infit, outfit and lz of each item, over the persons who answered it (Wright & Masters 1982).
 *
 * @param thetas θ of each row, as estimated
 * @throws RangeError for responses that do not belong to the bank, or not as many θ as rows
 */
export function itemResiduals(bank: Bank, responses: Responses, thetas: ArrayLike<number>): MeanSquares[] {
  return residuals(bank, responses, thetas).items;
}

/** Infit, outfit and lz of each row, over the items that it answered. Errors as `itemResiduals`. */
export function personResiduals(bank: Bank, responses: Responses, thetas: ArrayLike<number>): MeanSquares[] {
  return residuals(bank, responses, thetas).rows;
}

function residuals(
  bank: Bank,
  responses: Responses,
  thetas: ArrayLike<number>,
): { readonly items: MeanSquares[]; readonly rows: MeanSquares[] } {
  checkResponses(bank, responses);
  const { rows, items, data, counts } = responses;
  if (thetas.length !== rows) throw new RangeError(`${rows} rows have ${thetas.length} θ`);
  const byItem = Array.from({ length: items }, () => new MeanSquareSums());
  const byRow = Array.from({ length: rows }, () => new MeanSquareSums());
  for (let r = 0; r < rows; r++)
    for (let i = 0; i < items; i++) {
      const category = at(data, r * items + i);
      if (category < 0) continue;
      const found = residual(bank, i, at(thetas, r), category);
      byItem[i]?.add(found, at(counts, r));
      byRow[r]?.add(found, 1);
    }
  return { items: byItem.map(({ result }) => result), rows: byRow.map(({ result }) => result) };
}
