import type { Responses } from '../calibrate/responses.ts';
import { chiSquareUpper } from '../fit/distributions.ts';
import { type DifClass, type DifOptions, type MatchedAnswer, matchedAnswers, studied } from './groups.ts';
import { type LogisticCase, logisticRegression } from './logistic-regression.ts';

export interface LogisticDif {
  readonly item: number;
  /** −2 ln likelihood of: the matching score; with the group; with group × score. */
  readonly deviances: readonly [number, number, number];
  /** Likelihood ratio tests: of the group (1 degree), of group × score (1), of both (2). */
  readonly uniform: LikelihoodRatio;
  readonly nonuniform: LikelihoodRatio;
  readonly both: LikelihoodRatio;
  /** Of the largest model: constant, score, group (focal 1), score × group. */
  readonly coefficients: readonly number[];
  /** Gain in Nagelkerke's R² from the smallest to the largest model. */
  readonly r_squared_gain: number;
  /** Jodoin & Gierl (2001): A if not significant at 5 % or the gain is below .035, C from .070 on. */
  readonly class: DifClass;
}

export interface LikelihoodRatio {
  readonly chi_square: number;
  readonly p: number;
}

/**
 * Differential item functioning by logistic regression (Swaminathan & Rogers 1990) of a right answer on the matching
 * score, the group and their product: uniform DIF is the group's effect, nonuniform the product's.
 *
 * @param focal for each row whether it belongs to the focal group (true, 1) or the reference group (false, 0)
 * @throws RangeError as `matchedAnswers`
 */
export function difLogistic(
  responses: Responses,
  focal: ArrayLike<boolean | number>,
  options: DifOptions = {},
): LogisticDif[] {
  return studied(responses, options).map((item) =>
    testOf(item, alike(matchedAnswers(responses, focal, item, options))),
  );
}

/** Persons with the same answer, group and score count together. */
function alike(answers: readonly MatchedAnswer[]): MatchedAnswer[] {
  const found = new Map<string, MatchedAnswer>();
  for (const answer of answers) {
    const key = `${answer.right} ${answer.focal} ${answer.score}`;
    const count = (found.get(key)?.count ?? 0) + answer.count;
    found.set(key, { ...answer, count });
  }
  return [...found.values()];
}

function testOf(item: number, answers: readonly MatchedAnswer[]): LogisticDif {
  const predictors = ({ focal, score }: MatchedAnswer): number[] => [
    1,
    score,
    Number(focal),
    focal ? score : 0,
  ];
  const fitWith = (size: number) =>
    logisticRegression(
      answers.map((answer): LogisticCase => {
        const { right, count } = answer;
        return { x: predictors(answer).slice(0, size), right, count };
      }),
    );
  const [score, group, product] = [fitWith(2), fitWith(3), fitWith(4)];
  const ratio = (smaller: number, larger: number, df: number): LikelihoodRatio => {
    const chi_square = Math.max(0, smaller - larger);
    return { chi_square, p: chiSquareUpper(chi_square, df) };
  };
  const both = ratio(score.deviance, product.deviance, 2);
  const alone = fitWith(1).deviance;
  const persons = answers.reduce((sum, { count }) => sum + count, 0);
  const r_squared_gain =
    nagelkerke(alone, product.deviance, persons) - nagelkerke(alone, score.deviance, persons);
  return {
    item,
    deviances: [score.deviance, group.deviance, product.deviance],
    uniform: ratio(score.deviance, group.deviance, 1),
    nonuniform: ratio(group.deviance, product.deviance, 1),
    both,
    coefficients: Array.from(product.coefficients),
    r_squared_gain,
    class: classOf(both.p, r_squared_gain),
  };
}

/** R² = (1 − e^{(D − D0)/n})/(1 − e^{−D0/n}) (Nagelkerke 1991). */
const nagelkerke = (alone: number, deviance: number, persons: number): number =>
  -Math.expm1((deviance - alone) / persons) / -Math.expm1(-alone / persons);

function classOf(p: number, gain: number): DifClass {
  if (!(p < 0.05) || gain < 0.035) return 'A';
  return gain < 0.07 ? 'B' : 'C';
}
