/** Items (questions) of item banks: what they ask, what answers them, and what is known of how they measure. */

export const itemKinds = ['choice', 'multi', 'numeric', 'text'] as const;
export type ItemKind = (typeof itemKinds)[number];
export const itemStatuses = ['draft', 'pilot', 'live', 'retired'] as const;
export type ItemStatus = (typeof itemStatuses)[number];

export const dichotomousModels = ['1PL', '2PL', '3PL', '4PL'] as const;
export const polytomousModels = ['GRM', 'GPCM'] as const;

export interface ItemOption {
  readonly body: string;
}

export interface NumericKey {
  readonly value: number;
  /** In units of the value, or as a share of it (0.01 is one percent). */
  readonly tolerance: number;
  readonly tolerance_kind: 'absolute' | 'relative';
}
export interface TextKey {
  readonly accepted: readonly string[];
  readonly case_sensitive: boolean;
}

/** What an item asks and what answers it. Choices are 0-based positions in the stored order. */
export type Question =
  | { readonly kind: 'choice'; readonly options: readonly ItemOption[]; readonly key: number }
  | { readonly kind: 'multi'; readonly options: readonly ItemOption[]; readonly key: readonly number[] }
  | { readonly kind: 'numeric'; readonly options: readonly ItemOption[]; readonly key: NumericKey }
  | { readonly kind: 'text'; readonly options: readonly ItemOption[]; readonly key: TextKey };

export type ItemContent = Question & { readonly body: string; readonly explanation: string | null };

/** Standard errors, as far as they are known. */
export interface ParameterErrors {
  readonly a?: number | undefined;
  readonly b?: number | undefined;
  readonly c?: number | undefined;
}
interface Provenance {
  readonly se: ParameterErrors | null;
  readonly source: 'entered' | 'imported' | 'calibrated';
}
/** How an item measures. A 1PL has a common slope in `a`; asymptotes that a model does not have are 0 and 1. */
export type StoredParameters =
  | ({
      readonly model: (typeof dichotomousModels)[number];
      readonly a: number;
      readonly b: number;
      readonly c: number;
      readonly d: number;
    } & Provenance)
  | ({
      readonly model: (typeof polytomousModels)[number];
      readonly a: number;
      readonly thresholds: readonly number[];
    } & Provenance);

/** A number for `choice` and `numeric`, numbers for `multi`, text for `text`. */
export type Answer = number | readonly number[] | string;

/** An item as a published version of its bank holds it. */
export type PublishedItem = ItemContent & {
  readonly item_id: string;
  readonly revision: number;
  readonly parameters: StoredParameters | null;
  readonly status: 'live' | 'pilot';
  readonly subject: string | null;
  readonly grade: string | null;
  readonly module: string | null;
  readonly tags: readonly string[];
};

/** A published version of a bank, in the order of item ids; never changed. */
export interface PublishedBank {
  readonly bank_id: string;
  readonly version: number;
  /** Scaling constant of the bank’s parameters: 1 or 1.702. */
  readonly D: number;
  readonly items: readonly PublishedItem[];
}
