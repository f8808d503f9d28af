/** A value as CloudFormation templates, AWS requests and events hold it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The readers below treat a value of another kind as absent: properties in templates are optional anyway. */
export const asObject = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

export const asList = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

export const asText = (value: Json | undefined): string | undefined => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};

export const asNumber = (value: Json | undefined): number | undefined => {
  if (typeof value === 'number') return value;
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(parsed) ? parsed : undefined;
};

export const asFlag = (value: Json | undefined): boolean => value === true || value === 'true';

export const textList = (value: Json | undefined): string[] =>
  asList(value).flatMap((one) => asText(one) ?? []);

/** Follows a path of keys into nested objects. */
export const at = (value: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((inner, key) => asObject(inner)[key], value);
