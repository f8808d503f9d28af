/** Reads the members of a JSON request, with AWS's own errors for what is missing or of the wrong type. */
import { AwsError } from './call.ts';

export interface Fields {
  readonly all: Readonly<Record<string, unknown>>;
  text(name: string): string;
  optionalText(name: string): string | undefined;
  integer(name: string, range: Range, otherwise: number): number;
  texts(name: string): string[];
  /** A map of strings, {} when absent. */
  map(name: string): Record<string, string>;
  list(name: string): Fields[];
  optionalObject(name: string): Fields | undefined;
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

export type InvalidValue = (name: string, value: unknown, reason: string) => AwsError;

export const fields = (
  all: Readonly<Record<string, unknown>>,
  missing: (name: string) => AwsError,
  invalid: InvalidValue,
): Fields => {
  const read = <T>(name: string, is: (value: unknown) => value is T): T | undefined => {
    const value = all[name];
    if (value === undefined || value === null) return undefined;
    if (!is(value)) throw new AwsError('SerializationException', `${name} is of the wrong type.`);
    return value;
  };
  const nested = (value: Readonly<Record<string, unknown>>) => fields(value, missing, invalid);
  return {
    all,
    text: (name) => {
      const value = read(name, isText);
      if (value === undefined || value === '') throw missing(name);
      return value;
    },
    optionalText: (name) => read(name, isText),
    integer: (name, { min, max }, otherwise) => {
      const value = read(name, isInteger) ?? otherwise;
      if (value < min || value > max)
        throw invalid(name, value, `Must be between ${min} and ${max}, if provided.`);
      return value;
    },
    texts: (name) => [...(read(name, isTexts) ?? [])],
    map: (name) => ({ ...read(name, isTextMap) }),
    list: (name) => (read(name, isObjects) ?? []).map(nested),
    optionalObject: (name) => {
      const value = read(name, isObject);
      return value === undefined ? undefined : nested(value);
    },
  };
};

const isText = (value: unknown): value is string => typeof value === 'string';
const isInteger = (value: unknown): value is number => Number.isSafeInteger(value);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
const isObjects = (value: unknown): value is Record<string, unknown>[] =>
  Array.isArray(value) && value.every(isObject);
const isTextMap = (value: unknown): value is Record<string, string> =>
  isObject(value) && Object.values(value).every(isText);
