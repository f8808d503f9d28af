import type { LinearSchedule, Schedule } from './schedule.ts';

/**
 * Hyperparameters declared once: type, default, bounds, what a form says about them, and how a request's
 * value is checked.
 */

/** A hyperparameter as pure data, for a form. */
export interface HyperparameterForm {
  readonly type: 'number' | 'integer' | 'boolean' | 'schedule' | 'choice' | 'integers' | 'number_or_auto';
  readonly default: unknown;
  /** One sentence: what it does. */
  readonly description: string;
  readonly minimum?: number;
  /** The minimum itself is not allowed. */
  readonly exclusive_minimum?: boolean;
  readonly maximum?: number;
  /** null is allowed, and turns it off. */
  readonly nullable?: boolean;
  readonly options?: readonly string[];
  /** Stable-Baselines3's name, where the API's is another; accepted too. */
  readonly alias?: string;
}

export interface Hyperparameter<T> {
  readonly form: HyperparameterForm;
  readonly default: T;
  /** @throws RangeError saying what the value must be */
  parse(value: unknown): T;
}

export type HyperparameterSchema = Readonly<Record<string, Hyperparameter<unknown>>>;
export type HyperparameterValues<S extends HyperparameterSchema> = {
  readonly [K in keyof S]: S[K] extends Hyperparameter<infer T> ? T : never;
};

/** Bounds of a number; `above` excludes the bound itself. */
interface Bounds {
  readonly from?: number;
  readonly above?: number;
  readonly to: number;
}

function describeBounds({ from, above, to }: Bounds): string {
  return above === undefined ? `from ${from ?? 0} to ${to}` : `above ${above} and at most ${to}`;
}

function within(value: unknown, { from, above, to }: Bounds): value is number {
  if (typeof value !== 'number' || !(value <= to)) return false;
  return above === undefined ? value >= (from ?? 0) : value > above;
}

function boundsForm({ from, above, to }: Bounds): Partial<HyperparameterForm> {
  return {
    minimum: above ?? from ?? 0,
    maximum: to,
    ...(above !== undefined && { exclusive_minimum: true }),
  };
}

export function real(byDefault: number, bounds: Bounds, description: string): Hyperparameter<number> {
  return {
    form: { type: 'number', default: byDefault, description, ...boundsForm(bounds) },
    default: byDefault,
    parse(value) {
      if (within(value, bounds)) return value;
      throw new RangeError(`must be a number ${describeBounds(bounds)}`);
    },
  };
}

export function integer(
  byDefault: number,
  from: number,
  to: number,
  description: string,
): Hyperparameter<number> {
  return {
    form: { type: 'integer', default: byDefault, description, minimum: from, maximum: to },
    default: byDefault,
    parse(value) {
      if (within(value, { from, to }) && Number.isInteger(value)) return value;
      throw new RangeError(`must be an integer from ${from} to ${to}`);
    },
  };
}

export function flag(byDefault: boolean, description: string): Hyperparameter<boolean> {
  return {
    form: { type: 'boolean', default: byDefault, description },
    default: byDefault,
    parse(value) {
      if (typeof value === 'boolean') return value;
      throw new RangeError('must be true or false');
    },
  };
}

export function choice<const T extends string>(
  options: readonly T[],
  byDefault: T,
  description: string,
): Hyperparameter<T> {
  return {
    form: { type: 'choice', default: byDefault, description, options },
    default: byDefault,
    parse(value) {
      const found = options.find((option) => option === value);
      if (found !== undefined) return found;
      throw new RangeError(`must be one of: ${options.join(', ')}`);
    },
  };
}

/** A constant, or a value that changes linearly with the progress of the training, down to 0 if one likes. */
export function schedule(byDefault: number, to: number, description: string): Hyperparameter<Schedule> {
  const rule = `must be a number above 0 and at most ${to}, or {schedule: "linear", start, end}`;
  return {
    form: {
      type: 'schedule',
      default: byDefault,
      description,
      minimum: 0,
      exclusive_minimum: true,
      maximum: to,
    },
    default: byDefault,
    parse(value) {
      if (within(value, { above: 0, to })) return value;
      const linear = parseLinear(value, to);
      if (linear === null) throw new RangeError(rule);
      return linear;
    },
  };
}

function parseLinear(value: unknown, to: number): LinearSchedule | null {
  if (typeof value !== 'object' || value === null) return null;
  const { schedule, start, end, end_fraction, ...others } = Object.assign(
    { schedule: null, start: null, end: null, end_fraction: 1 },
    value,
  );
  if (schedule !== 'linear' || Object.keys(others).length > 0) return null;
  if (!within(start, { above: 0, to }) || !within(end, { from: 0, to })) return null;
  if (!within(end_fraction, { above: 0, to: 1 })) return null;
  return { schedule: 'linear', start, end, ...(end_fraction !== 1 && { end_fraction }) };
}

/** Widths of hidden layers. */
export function widths(byDefault: readonly number[], description: string): Hyperparameter<readonly number[]> {
  return {
    form: {
      type: 'integers',
      default: byDefault,
      description,
      minimum: 1,
      maximum: WIDEST,
    },
    default: byDefault,
    parse(value) {
      const given: readonly unknown[] = Array.isArray(value) ? value : [];
      const numbers = given.filter((x) => within(x, { from: 1, to: WIDEST })).filter(Number.isInteger);
      if (numbers.length === given.length && given.length >= 1 && given.length <= MOST_LAYERS) return numbers;
      throw new RangeError(`must be 1 to ${MOST_LAYERS} integers from 1 to ${WIDEST}`);
    },
  };
}

const WIDEST = 512;
const MOST_LAYERS = 4;

/** A number, or `auto`. */
export function realOrAuto(
  byDefault: number | 'auto',
  bounds: Bounds,
  description: string,
): Hyperparameter<number | 'auto'> {
  return {
    form: { type: 'number_or_auto', default: byDefault, description, ...boundsForm(bounds) },
    default: byDefault,
    parse(value) {
      if (value === 'auto' || within(value, bounds)) return value;
      throw new RangeError(`must be "auto" or a number ${describeBounds(bounds)}`);
    },
  };
}

/** What can be turned off with null, which is the default. */
export function optional<T>(inner: Hyperparameter<T>): Hyperparameter<T | null> {
  return {
    form: { ...inner.form, default: null, nullable: true },
    default: null,
    parse: (value) => (value === null ? null : inner.parse(value)),
  };
}

/** The same under another name too. */
export function aliased<T>(alias: string, inner: Hyperparameter<T>): Hyperparameter<T> {
  return { ...inner, form: { ...inner.form, alias } };
}
