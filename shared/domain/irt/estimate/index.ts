import type { Answers, Bank } from '../bank.ts';
import { type EstimatorName, estimatorNames } from '../names.ts';
import { createEap, estimateEap, estimateEapSum } from './eap.ts';
import { estimateMap, estimateMle, estimateWle } from './maximum.ts';
import type { Estimate, EstimatorOptions } from './options.ts';

const estimators: Readonly<Record<EstimatorName, typeof estimateEap>> = {
  MLE: estimateMle,
  MAP: estimateMap,
  EAP: estimateEap,
  WLE: estimateWle,
  EAPsum: estimateEapSum,
};

/**
 * θ and its standard error by the estimator that `options.method` names.
 * @throws TypeError for an unknown method, else as that estimator
 */
export function estimate(bank: Bank, answers: Answers, options: EstimatorOptions): Estimate {
  if (!estimatorNames.includes(options.method))
    throw new TypeError(`unknown estimator ${String(options.method)}`);
  return estimators[options.method](bank, answers, options);
}

/** `estimate` with everything prepared that only depends on bank and options; for the same bank again and again. */
export function createEstimator(bank: Bank, options: EstimatorOptions): (answers: Answers) => Estimate {
  if (options.method === 'EAP') return createEap(bank, options);
  return (answers) => estimate(bank, answers, options);
}
