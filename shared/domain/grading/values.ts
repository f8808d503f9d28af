import type { Json, Language } from './types.ts';

/**
 * Values that functions return, as JSON with tags for what JSON does not tell apart. An isolate writes
 * `{"$float": "25.0"}` for Python's float (25.0 is not 25), `$int` for integers beyond 2⁵³, `$tuple`, `$set`, `$bytes`,
 * `$dict: [[key, value], …]` for dictionaries and plain objects, `$map` for a JavaScript Map, `$bigint`,
 * `$undefined`, and `$other` with the class's name for everything else, which equals nothing. In expected values and
 * arguments the tags may be used too; a plain object there stands for a dictionary with those keys, a number with a
 * fraction for a float.
 */
type Tagged = { readonly tag: string; readonly inner: Json };

const deepest = 100;

/** Whether a returned value is the expected one: same type, same content, dictionaries and sets in any order. */
export function sameValue(actual: Json, expected: Json): boolean {
  const text = canonical(actual);
  return text !== undefined && text === canonical(expected);
}

/** Whether both are lists (tuples, sets) of the same items in any order. */
export function sameItems(actual: Json, expected: Json): boolean {
  const sorted = (value: Json) =>
    canonicalAll(itemsOf(value) ?? [value], 0)
      ?.sort()
      .join();
  const text = sorted(actual);
  return text !== undefined && text === sorted(expected);
}

/**
 * Whether both are equal but for differences of numbers up to `tolerance · max(1, |expected|)`; here an integer may
 * stand for a float.
 */
export function nearlySameValue(actual: Json, expected: Json, tolerance: number, depth = 0): boolean {
  if (depth > deepest) return false;
  const [a, b] = [numberOf(actual), numberOf(expected)];
  if (a !== undefined && b !== undefined) return near(a, b, tolerance);
  const [left, right] = [partsOf(actual), partsOf(expected)];
  if (left === undefined || right === undefined) return sameValue(actual, expected);
  return (
    left.kind === right.kind &&
    left.parts.length === right.parts.length &&
    left.parts.every((part, at) => {
      const other = right.parts[at];
      return other !== undefined && nearlySameValue(part, other, tolerance, depth + 1);
    })
  );
}

export const near = (actual: number, expected: number, tolerance: number): boolean =>
  actual === expected || Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));

/** One text for all equal values; undefined for what equals nothing. */
function canonical(value: Json, depth = 0): string | undefined {
  if (depth > deepest) return undefined;
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return join('list', canonicalAll(value, depth));
  const tagged = tagOf(value);
  if (tagged !== undefined) return canonicalTagged(tagged, depth);
  return canonicalPairs('dict', Object.entries(value), depth);
}

function canonicalNumber(value: number): string | undefined {
  if (Number.isNaN(value)) return undefined;
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return `int ${value}`;
  return canonicalFloat(value);
}

const canonicalFloat = (value: number): string | undefined =>
  Number.isNaN(value) ? undefined : `float ${Object.is(value, -0) ? '-0' : value}`;

function canonicalTagged({ tag, inner }: Tagged, depth: number): string | undefined {
  switch (tag) {
    case '$float':
      return canonicalFloat(readFloat(inner));
    case '$int':
      return canonicalInteger(inner);
    case '$tuple':
      return isList(inner) ? join('tuple', canonicalAll(inner, depth)) : undefined;
    case '$set':
      return isList(inner) ? join('set', canonicalAll(inner, depth)?.sort()) : undefined;
    case '$dict':
    case '$map':
      return canonicalPairs(tag.slice(1), readPairs(inner), depth);
    case '$bytes':
    case '$bigint':
    case '$undefined':
      return `${tag.slice(1)} ${JSON.stringify(inner)}`;
    default:
      return undefined;
  }
}

function canonicalInteger(inner: Json): string | undefined {
  const match = typeof inner === 'string' ? /^(-?)((?:0x[\da-f]+|\d+))$/.exec(inner) : null;
  if (match === null) return undefined;
  const [, sign = '', digits = ''] = match;
  return `int ${sign}${BigInt(digits)}`;
}

function canonicalAll(items: readonly Json[], depth: number): string[] | undefined {
  const texts = items.map((item) => canonical(item, depth + 1));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

function canonicalPairs(
  name: string,
  pairs: readonly (readonly [Json, Json])[] | undefined,
  depth: number,
): string | undefined {
  const texts = pairs?.map(([key, value]) => join('pair', canonicalAll([key, value], depth)));
  return texts?.every((text) => text !== undefined) ? join(name, texts.sort()) : undefined;
}

const join = (name: string, texts: readonly string[] | undefined): string | undefined =>
  texts && `${name}[${texts.join()}]`;

function readPairs(inner: Json): [Json, Json][] | undefined {
  if (!isList(inner)) return undefined;
  const pairs = inner.flatMap((pair): [Json, Json][] => {
    if (!isList(pair)) return [];
    const [key, value] = pair;
    return key === undefined || value === undefined ? [] : [[key, value]];
  });
  return pairs.length === inner.length ? pairs : undefined;
}

/** Python's and JavaScript's names for the floats that are no numbers. */
function readFloat(inner: Json): number {
  if (typeof inner !== 'string') return Number.NaN;
  return inner === '' ? Number.NaN : Number(inner.replace(/^([+-]?)inf$/, '$1Infinity'));
}

function numberOf(value: Json): number | undefined {
  if (typeof value === 'number') return value;
  const tagged = tagOf(value);
  if (tagged?.tag === '$float') return readFloat(tagged.inner);
  return tagged?.tag === '$int' ? Number(tagged.inner) : undefined;
}

function itemsOf(value: Json): readonly Json[] | undefined {
  if (isList(value)) return value;
  const tagged = tagOf(value);
  const isSequence = tagged?.tag === '$tuple' || tagged?.tag === '$set';
  return isSequence && isList(tagged.inner) ? tagged.inner : undefined;
}

/** What a value with parts consists of, dictionaries sorted by their keys. */
function partsOf(value: Json): { kind: string; parts: readonly Json[] } | undefined {
  const tagged = tagOf(value);
  const items = itemsOf(value);
  if (items !== undefined) return { kind: tagged?.tag ?? 'list', parts: items };
  const pairs =
    tagged === undefined
      ? typeof value === 'object' && value !== null && !isList(value)
        ? Object.entries(value)
        : undefined
      : tagged.tag === '$dict' || tagged.tag === '$map'
        ? readPairs(tagged.inner)
        : undefined;
  if (pairs === undefined) return undefined;
  const keyed = pairs.map(([key, inner]) => ({ key: canonical(key) ?? '', key_: key, inner }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  const isMap = tagged?.tag === '$map';
  return { kind: isMap ? '$map' : '$dict', parts: keyed.flatMap(({ key_, inner }) => [key_, inner]) };
}

function tagOf(value: Json): Tagged | undefined {
  if (typeof value !== 'object' || value === null || isList(value)) return undefined;
  const [entry, ...others] = Object.entries(value);
  if (entry === undefined || others.length > 0 || !entry[0].startsWith('$')) return undefined;
  return { tag: entry[0], inner: entry[1] };
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

// --- for people ----------------------------------------------------------------------------------------------

interface Words {
  readonly null: string;
  readonly true: string;
  readonly false: string;
}
const words: Readonly<Record<Language, Words>> = {
  python: { null: 'None', true: 'True', false: 'False' },
  javascript: { null: 'null', true: 'true', false: 'false' },
  typescript: { null: 'null', true: 'true', false: 'false' },
};

/** A value as somebody who writes `language` would write it. */
export function printValue(value: Json, language: Language, depth = 0): string {
  if (depth > deepest) return '…';
  if (value === null) return words[language].null;
  if (typeof value === 'boolean') return words[language][value ? 'true' : 'false'];
  if (typeof value !== 'object') return Object.is(value, -0) ? '-0' : JSON.stringify(value);
  const print = (item: Json) => printValue(item, language, depth + 1);
  if (isList(value)) return `[${value.map(print).join(', ')}]`;
  const tagged = tagOf(value);
  if (tagged === undefined) return printPairs(Object.entries(value), language, print);
  return printTagged(tagged, language, print);
}

function printTagged({ tag, inner }: Tagged, language: Language, print: (item: Json) => string): string {
  const text = typeof inner === 'string' ? inner : JSON.stringify(inner);
  const items = isList(inner) ? inner.map(print) : [];
  switch (tag) {
    case '$float':
    case '$int':
      return text;
    case '$bigint':
      return `${text}n`;
    case '$undefined':
      return 'undefined';
    case '$bytes':
      return `bytes.fromhex('${text}')`;
    case '$tuple':
      return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
    case '$set':
      if (language !== 'python') return `new Set([${items.join(', ')}])`;
      return items.length === 0 ? 'set()' : `{${items.join(', ')}}`;
    case '$map':
      return `new Map([${(readPairs(inner) ?? []).map(([key, item]) => `[${print(key)}, ${print(item)}]`).join(', ')}])`;
    case '$dict':
      return printPairs(readPairs(inner) ?? [], language, print);
    default:
      return `<${text}>`;
  }
}

const plainKey = /^[A-Za-z_$][\w$]*$/;

function printPairs(
  pairs: readonly (readonly [Json, Json])[],
  language: Language,
  print: (item: Json) => string,
): string {
  const bare = (key: Json) =>
    language !== 'python' && typeof key === 'string' && plainKey.test(key) ? key : print(key);
  return `{${pairs.map(([key, value]) => `${bare(key)}: ${print(value)}`).join(', ')}}`;
}
