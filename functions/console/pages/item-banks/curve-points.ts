import { createBank, type ItemParameters } from '#shared/domain/irt/bank.ts';
import {
  categoryProbabilities,
  expectedScore,
  itemInformation,
  testInformation,
} from '#shared/domain/irt/models/item.ts';

/** Abilities that pictures of items span. */
export const abilities: readonly [number, number] = [-4, 4];
const steps = 80;

export const thetas: readonly number[] = Array.from(
  { length: steps + 1 },
  (_, index) => abilities[0] + (index * (abilities[1] - abilities[0])) / steps,
);

export type Point = readonly [theta: number, value: number];

export interface ItemCurves {
  /** Expected share of the points: of a dichotomous item the probability of a right answer. */
  readonly score: readonly Point[];
  readonly information: readonly Point[];
  /** Probability of each category; of a dichotomous item nothing that `score` does not say. */
  readonly categories: readonly (readonly Point[])[];
  /** Where the item tells most, and how much. */
  readonly peak: Point;
}

/** What an item's parameters mean; undefined for parameters that are out of their range. */
export function curvesOf(parameters: ItemParameters, D: number): ItemCurves | undefined {
  const bank = bankOf(parameters, D);
  if (!bank) return undefined;
  const most = (bank.categories[0] ?? 2) - 1;
  const over = (value: (theta: number) => number): Point[] => thetas.map((theta) => [theta, value(theta)]);
  const information = over((theta) => itemInformation(bank, 0, theta));
  return {
    score: over((theta) => expectedScore(bank, 0, theta) / most),
    information,
    categories:
      most === 1
        ? []
        : Array.from({ length: most + 1 }, (_, category) =>
            over((theta) => categoryProbabilities(bank, 0, theta)[category] ?? Number.NaN),
          ),
    peak: information.reduce((best, point) => (point[1] > best[1] ? point : best)),
  };
}

function bankOf(parameters: ItemParameters, D: number) {
  try {
    return createBank([parameters], { D });
  } catch {
    // the form says which number is out of its range
    return undefined;
  }
}

/** Information of items together; undefined without any. */
export function informationOf(items: readonly ItemParameters[], D: number): Point[] | undefined {
  if (items.length === 0) return undefined;
  const bank = createBank(items, { D });
  return thetas.map((theta) => [theta, testInformation(bank, theta)]);
}
