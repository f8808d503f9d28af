/** Names of what the engine offers; this file needs nothing, so that contracts and pages can take them from it. */

export const estimatorNames = ['MLE', 'MAP', 'EAP', 'WLE', 'EAPsum'] as const;
export type EstimatorName = (typeof estimatorNames)[number];

export const criterionNames = [
  'MFI',
  'urry',
  'closest',
  'thOpt',
  'interval',
  'a_stratified',
  'max_info_stratified',
  'MLWI',
  'MPWI',
  'KL',
  'KLP',
  'GDI',
  'GDIP',
  'MEI',
  'MEI_observed',
  'MEPV',
  'progressive',
  'proportional',
  'random',
] as const;
export type CriterionName = (typeof criterionNames)[number];

export const calibratedModels = ['1PL', '2PL', '3PL', 'GRM', 'GPCM'] as const;
/** 1PL: one slope, which all its items share. */
export type CalibratedModel = (typeof calibratedModels)[number];

export const gateNames = ['converged', 'answers', 'se_b', 'se_a', 'discrimination', 'fit', 'dif'] as const;
export type GateName = (typeof gateNames)[number];

export const linkMethods = ['mean_mean', 'mean_sigma', 'haebara', 'stocking_lord'] as const;
export type LinkMethod = (typeof linkMethods)[number];
