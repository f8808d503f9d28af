import type { Item } from '#shared/contracts/items.ts';
import { numberOf } from '../teaching/typed-numbers.ts';

export interface OptionDraft {
  readonly key: string;
  readonly body: string;
  readonly isRight: boolean;
}
/** An item as it is being written: what was typed, each kind's fields side by side, so that changing the kind loses nothing. */
export interface ItemDraft {
  readonly kind: Item['kind'];
  readonly body: string;
  readonly options: readonly OptionDraft[];
  readonly value: string;
  readonly tolerance: string;
  readonly tolerance_kind: string;
  readonly accepted: string;
  readonly case_sensitive: boolean;
  readonly explanation: string;
  readonly status: string;
  readonly subject: string;
  readonly grade: string;
  readonly module: string;
  readonly tags: string;
  readonly external_id: string;
  /** Empty: not known. */
  readonly model: string;
  readonly a: string;
  readonly b: string;
  readonly c: string;
  readonly d: string;
  readonly thresholds: string;
}

let made = 0;
export function newOption(body = '', isRight = false): OptionDraft {
  made += 1;
  return { key: `option-${made}`, body, isRight };
}

export const newItemDraft = (like?: Pick<ItemDraft, 'kind' | 'subject' | 'grade' | 'module'>): ItemDraft => ({
  kind: like?.kind ?? 'choice',
  body: '',
  options: [newOption('', true), newOption(), newOption(), newOption()],
  value: '',
  tolerance: '0',
  tolerance_kind: 'absolute',
  accepted: '',
  case_sensitive: false,
  explanation: '',
  status: 'draft',
  subject: like?.subject ?? '',
  grade: like?.grade ?? '',
  module: like?.module ?? '',
  tags: '',
  external_id: '',
  model: '',
  a: '1',
  b: '0',
  c: '0.25',
  d: '1',
  thresholds: '',
});

export function draftOfItem(item: Item): ItemDraft {
  const empty = newItemDraft();
  return {
    ...empty,
    kind: item.kind,
    body: item.body,
    ...keyDraft(item, empty),
    explanation: item.explanation ?? '',
    status: item.status,
    subject: item.subject ?? '',
    grade: item.grade ?? '',
    module: item.module ?? '',
    tags: item.tags.join(', '),
    external_id: item.external_id ?? '',
    ...parameterDraft(item.parameters),
  };
}

function keyDraft(item: Item, empty: ItemDraft) {
  if (item.kind === 'choice')
    return { options: item.options.map(({ body }, at) => newOption(body, at === item.key)) };
  if (item.kind === 'multi')
    return { options: item.options.map(({ body }, at) => newOption(body, item.key.includes(at))) };
  if (item.kind === 'text')
    return { accepted: item.key.accepted.join('\n'), case_sensitive: item.key.case_sensitive };
  const { value, tolerance, tolerance_kind } = item.key;
  const shown = tolerance_kind === 'relative' ? tolerance * 100 : tolerance;
  return {
    ...empty,
    kind: item.kind,
    body: item.body,
    value: String(value),
    tolerance: tidy(shown),
    tolerance_kind,
  };
}

/** Percent of a share, without what binary fractions leave behind. */
const tidy = (value: number): string => String(Number(value.toPrecision(12)));

function parameterDraft(parameters: Item['parameters']) {
  if (parameters === null) return {};
  const { model, a } = parameters;
  if ('thresholds' in parameters)
    return { model, a: String(a), thresholds: parameters.thresholds.join('; ') };
  const { b, c, d } = parameters;
  return { model, a: String(a), b: String(b), c: String(c), d: String(d) };
}

const orNull = (value: string): string | null => (value.trim() === '' ? null : value.trim());
const isChoice = ({ kind }: Pick<ItemDraft, 'kind'>): boolean => kind === 'choice' || kind === 'multi';

/** What the item asks, as the contract takes it. */
export function contentOf(draft: ItemDraft) {
  return {
    kind: draft.kind,
    body: draft.body,
    options: isChoice(draft) ? draft.options.map(({ body }) => ({ body })) : [],
    key: keyOf(draft),
    explanation: draft.explanation.trim() === '' ? null : draft.explanation,
  };
}

export function bodyOfItem(draft: ItemDraft) {
  return {
    ...contentOf(draft),
    parameters: parametersOf(draft),
    status: draft.status,
    subject: orNull(draft.subject),
    grade: orNull(draft.grade),
    module: orNull(draft.module),
    tags: draft.tags
      .split(/[,;]/)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
    external_id: orNull(draft.external_id),
  };
}

function keyOf(draft: ItemDraft): unknown {
  const right = draft.options.flatMap(({ isRight }, at) => (isRight ? [at] : []));
  if (draft.kind === 'choice') return right[0] ?? null;
  if (draft.kind === 'multi') return right;
  if (draft.kind === 'text')
    return {
      accepted: draft.accepted
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
      case_sensitive: draft.case_sensitive,
    };
  const tolerance = numberOf(draft.tolerance);
  const isPercent = draft.tolerance_kind === 'relative' && typeof tolerance === 'number';
  return {
    value: numberOf(draft.value),
    tolerance: isPercent ? tolerance / 100 : tolerance,
    tolerance_kind: draft.tolerance_kind,
  };
}

export const polytomous: readonly string[] = ['GRM', 'GPCM'];

/** As the contract takes them; asymptotes that a model does not have are not there. */
export function parametersOf({ model, a, b, c, d, thresholds }: ItemDraft) {
  if (model === '') return null;
  if (polytomous.includes(model))
    return {
      model,
      a: numberOf(a),
      thresholds: thresholds
        .replaceAll('−', '-')
        .split(';')
        .map((value) => numberOf(value.trim())),
    };
  return {
    model,
    a: model === '1PL' && a.trim() === '' ? 1 : numberOf(a),
    b: numberOf(b),
    ...((model === '3PL' || model === '4PL') && { c: numberOf(c) }),
    ...(model === '4PL' && { d: numberOf(d) }),
  };
}

/** The field that shows a problem at this place of the body. */
export function fieldOfItem(path: readonly PropertyKey[], { kind }: Pick<ItemDraft, 'kind'>): string {
  const [first, second] = path;
  if (first === 'key') return kind === 'choice' || kind === 'multi' ? 'right' : String(second ?? 'value');
  if (first === 'options') return typeof second === 'number' ? `options.${second}` : 'options';
  if (first === 'parameters') return String(second ?? 'model');
  return String(first ?? 'body');
}

/** Whether the status can be chosen now: a published item never becomes a draft again. */
export const nextStatuses = (status: string | undefined): readonly string[] => {
  const next: Readonly<Record<string, readonly string[]>> = {
    draft: ['draft', 'pilot', 'live'],
    pilot: ['pilot', 'live', 'retired'],
    live: ['live', 'retired'],
    retired: ['retired', 'pilot', 'live'],
  };
  return next[status ?? 'draft'] ?? [];
};
