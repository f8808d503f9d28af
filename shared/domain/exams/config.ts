import type { CriterionName, EstimatorName } from '../irt/index.ts';

/** The configuration of an adaptive test as plans keep it: items by id, everything filled in. */

export interface EstimatorConfig {
  readonly method: EstimatorName;
  readonly prior: { readonly mean: number; readonly sd: number };
  readonly quadrature: { readonly nodes: number; readonly min: number; readonly max: number };
  readonly bounds: { readonly min: number; readonly max: number };
}

export interface ExposureConfig {
  readonly randomesque: { readonly size: number; readonly items: number | null } | null;
  readonly r_max: number | null;
  readonly eligibility: { readonly r_max: number } | null;
  readonly sympson_hetter: { readonly target: number; readonly from: number } | null;
}

interface Limits {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly weight?: number | undefined;
}
export type ConstraintConfig =
  | ({ readonly by: 'items'; readonly items: readonly string[] } & Limits)
  | ({ readonly by: 'subject' | 'module' | 'grade' | 'tag' | 'kind'; readonly value: string } & Limits);

export interface StopConfig {
  readonly min_items: number | null;
  readonly max_items: number;
  readonly se: number | null;
  readonly confidence_interval: {
    readonly bounds: readonly number[];
    readonly confidence?: number | undefined;
  } | null;
  readonly classification: { readonly cut: number; readonly confidence?: number | undefined } | null;
  readonly sprt: {
    readonly cut: number;
    readonly delta: number;
    readonly alpha?: number | undefined;
    readonly beta?: number | undefined;
  } | null;
  readonly min_information: number | null;
  readonly theta_change: number | null;
  readonly plateau: { readonly items: number; readonly tolerance: number } | null;
  readonly time_limit_s: number | null;
  readonly combine: 'any' | 'all';
}

export interface ExamConfig {
  readonly estimator: EstimatorConfig;
  readonly final_estimator: EstimatorConfig | null;
  readonly selection: {
    readonly criterion: CriterionName;
    readonly offset?: number | undefined;
    readonly half_width?: number | undefined;
    readonly acceleration?: number | undefined;
    readonly strata?: number | undefined;
    readonly blocking?: boolean | undefined;
  };
  readonly exposure: ExposureConfig;
  readonly content: {
    readonly by: 'subject' | 'module' | 'grade' | 'tag' | null;
    readonly proportions: Readonly<Record<string, number>>;
    readonly enemies: readonly (readonly string[])[];
    readonly deviations: {
      readonly constraints: readonly ConstraintConfig[];
      readonly criterion_weight: number;
    } | null;
    readonly shadow: { readonly constraints: readonly ConstraintConfig[] } | null;
  };
  readonly stop: StopConfig;
  readonly start: { readonly theta: number | null; readonly items: readonly string[] };
  readonly pilot: { readonly count: number; readonly first: number; readonly last: number | null } | null;
  readonly item_time_limit_s: number | null;
}
