/**
 * Keyword arguments of environments: declared once with type, default and what a form shows, checked
 * strictly, since a typo would otherwise train on another task than was meant.
 */

/** A keyword argument as pure data, for a form. */
export interface KwargForm {
  readonly type: 'boolean' | 'number' | 'choice' | 'numbers' | 'lines';
  readonly default: boolean | number | string | readonly number[] | null;
  readonly description: string;
  /** For numbers: inclusive bounds. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** For a choice. */
  readonly options?: readonly string[];
}

/** A keyword argument with its check. */
export interface Kwarg<T> {
  readonly form: KwargForm;
  readonly default: T;
  /** @throws RangeError saying what the value must be */
  parse(value: unknown): T;
}

export type KwargSchema = Readonly<Record<string, Kwarg<unknown>>>;
export type KwargValues<S extends KwargSchema> = {
  readonly [K in keyof S]: S[K] extends Kwarg<infer T> ? T : never;
};

/** What was given, unchecked: `env_kwargs` of a request. */
export type GivenKwargs = Readonly<Record<string, unknown>>;

/** An `env_kwargs` that the environment does not have, or whose value it cannot take. */
export class InvalidEnvironmentKwarg extends Error {
  readonly environment: string;
  /** Name of the keyword argument. */
  readonly field: string;
  /** The rule it broke, such as `must be true or false`. */
  readonly reason: string;
  constructor(environment: string, field: string, reason: string) {
    super(`env_kwargs.${field} of ${environment} ${reason}`);
    this.name = 'InvalidEnvironmentKwarg';
    this.environment = environment;
    this.field = field;
    this.reason = reason;
  }
}

export function flag(byDefault: boolean, description: string): Kwarg<boolean> {
  return {
    form: { type: 'boolean', default: byDefault, description },
    default: byDefault,
    parse(value) {
      if (typeof value !== 'boolean') throw new RangeError('must be true or false');
      return value;
    },
  };
}

export function real(
  byDefault: number,
  minimum: number,
  maximum: number,
  description: string,
): Kwarg<number> {
  return {
    form: { type: 'number', default: byDefault, minimum, maximum, description },
    default: byDefault,
    parse(value) {
      if (typeof value !== 'number' || !(value >= minimum && value <= maximum)) {
        throw new RangeError(`must be a number from ${minimum} to ${maximum}`);
      }
      return value;
    },
  };
}

export function choice<const T extends string>(
  options: readonly T[],
  byDefault: T,
  description: string,
): Kwarg<T> {
  return {
    form: { type: 'choice', default: byDefault, options, description },
    default: byDefault,
    parse(value) {
      const found = options.find((option) => option === value);
      if (found === undefined) throw new RangeError(`must be one of: ${options.join(', ')}`);
      return found;
    },
  };
}

/** A list of as many numbers as the default has. */
export function reals(
  byDefault: readonly number[],
  minimum: number,
  maximum: number,
  description: string,
): Kwarg<readonly number[]> {
  return {
    form: { type: 'numbers', default: byDefault, minimum, maximum, description },
    default: byDefault,
    parse(value) {
      const numbers = Array.isArray(value) ? value.filter((x) => typeof x === 'number') : [];
      const given = Array.isArray(value) ? value.length : -1;
      const fits = numbers.every((x) => x >= minimum && x <= maximum);
      if (given !== byDefault.length || numbers.length !== given || !fits) {
        throw new RangeError(`must be ${byDefault.length} numbers from ${minimum} to ${maximum}`);
      }
      return numbers;
    },
  };
}

/** A list of lines of text that `check` accepts, or null. */
export function lines(
  description: string,
  check: (lines: readonly string[]) => void,
): Kwarg<readonly string[] | null> {
  return {
    form: { type: 'lines', default: null, description },
    default: null,
    parse(value) {
      if (value === null) return null;
      const texts = Array.isArray(value) ? value.filter((x) => typeof x === 'string') : [];
      if (!Array.isArray(value) || texts.length !== value.length) {
        throw new RangeError('must be a list of lines of text');
      }
      check(texts);
      return texts;
    },
  };
}

/**
 * The given values over the defaults.
 * @throws InvalidEnvironmentKwarg for the first that is unknown or not allowed
 */
export function resolveKwargs<S extends KwargSchema>(
  environment: string,
  schema: S,
  given: GivenKwargs,
): KwargValues<S> {
  for (const field of Object.keys(given)) {
    if (!Object.hasOwn(schema, field)) {
      const known = Object.keys(schema).join(', ') || 'none';
      throw new InvalidEnvironmentKwarg(environment, field, `does not exist; there are: ${known}`);
    }
  }
  const values = Object.entries(schema).map(([field, kwarg]) => [
    field,
    given[field] === undefined ? kwarg.default : parsed(environment, field, kwarg, given[field]),
  ]);
  // The entries are the schema's, each parsed by its own Kwarg<T>: fromEntries cannot say so.
  return Object.fromEntries(values) as KwargValues<S>;
}

function parsed(environment: string, field: string, kwarg: Kwarg<unknown>, value: unknown): unknown {
  try {
    return kwarg.parse(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidEnvironmentKwarg(environment, field, error.message);
  }
}
