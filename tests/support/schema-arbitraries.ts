/** Values that fit a JSON Schema, stand at its edges, nearly fit it, or mean harm. */
import fc from 'fast-check';

export type Schema = Readonly<Record<string, unknown>>;
type Values = fc.Arbitrary<unknown>;

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;
const schemas = (value: unknown): Schema[] => (Array.isArray(value) ? value.filter(isSchema) : []);
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** What people attack with, and what only looks harmless. */
export const hostileText = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\u202Egnp.exe',
  '\uFEFF',
  '\uFFFE\uFFFF',
  '😀'.repeat(300),
  'ﷺ'.repeat(254),
  '서울'.normalize('NFD').repeat(50),
  'ß'.repeat(200),
  'a'.repeat(70_000),
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'null',
  'undefined',
  'NaN',
  '-1',
  '1e309',
  '9007199254740993',
  '../../../../etc/passwd',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '{{7*7}}',
  '$ne',
  'user#x',
  'a#b#c',
  'http://169.254.169.254/latest/meta-data/',
  'x@y',
  'x@y.example\r\nBcc: z@y.example',
  '%00%2e%2e%2f',
  '2026-02-30T25:61:61Z',
  '0000-00-00T00:00:00Z',
];
const hostileNumbers = [
  0,
  -0,
  -1,
  0.5,
  1e-7,
  5e-324,
  1e-200,
  1e15,
  1e16,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 53 + 2,
  1e300,
  1.7e308,
  -1e300,
];
const nested = (depth: number): unknown =>
  depth === 0 ? 1 : depth % 2 ? [nested(depth - 1)] : { a: nested(depth - 1) };

export const hostile: Values = fc.oneof(
  fc.constantFrom(...hostileText),
  fc.constantFrom(...hostileNumbers),
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    [],
    {},
    [null],
    [[]],
    { $gt: '' },
    { length: 1e9 },
    nested(31),
    nested(40),
  ),
  fc.constantFrom<unknown>(
    Array.from({ length: 3000 }, () => 'x'),
    Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`k${at}`, at])),
    JSON.parse('{"__proto__":{"role":"platform_admin"}}'),
    JSON.parse('{"constructor":{"prototype":{"role":"platform_admin"}}}'),
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
);

function text(schema: Schema): Values {
  const min = number(schema['minLength']) ?? 0;
  const max = Math.min(number(schema['maxLength']) ?? 60, min + 300);
  const sized = fc.string({
    unit: 'grapheme',
    minLength: min,
    maxLength: Math.max(min, Math.min(max, min + 20)),
  });
  const edges = fc.constantFrom(
    '가'.repeat(Math.max(1, min)),
    'x'.repeat(max),
    'x'.repeat(max + 1),
    'x'.repeat(Math.max(0, min - 1)),
  );
  const examples = Array.isArray(schema['examples']) ? [fc.constantFrom<unknown>(...schema['examples'])] : [];
  const pattern = schema['pattern'];
  if (typeof pattern === 'string') return fc.oneof(matching(pattern), ...examples);
  if (schema['format'] === 'date-time')
    return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  return fc.oneof({ weight: 4, arbitrary: sized }, edges, ...examples);
}

/** fast-check reads most patterns; letters of any script it does not, and gets those of one. */
const matching = (pattern: string): Values =>
  fc.stringMatching(
    new RegExp(pattern.replaceAll(/\\p\{[LN]\}/g, 'a-z').replaceAll(/\[\[?a-z(a-z)?\]/g, '[a-z'), ''),
  );

function numeric(schema: Schema): Values {
  const whole = schema['type'] === 'integer';
  const low = number(schema['minimum']) ?? number(schema['exclusiveMinimum']) ?? -1000;
  const high = Math.max(low, number(schema['maximum']) ?? number(schema['exclusiveMaximum']) ?? 1000);
  const edges = [low, high, low - 1, high + 1, low + 1, ...(whole ? [low + 0.5] : [low + 1e-9])];
  const inside = whole
    ? fc.integer({ min: Math.ceil(Math.max(low, -(2 ** 31))), max: Math.floor(Math.min(high, 2 ** 31 - 1)) })
    : fc.double({ min: low, max: high, noNaN: true });
  const step = number(schema['multipleOf']);
  return fc.oneof(
    { weight: 4, arbitrary: step === undefined ? inside : fc.nat(40).map((times) => (times + 1) * step) },
    fc.constantFrom(...edges),
  );
}

function record(schema: Schema, defs: Schema, within: readonly string[]): Values {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  const members = Object.entries(properties).flatMap(([name, one]) =>
    // `not: {}` takes no value at all: the member is absent
    isSchema(one) && !('not' in one) ? [[name, valid(one, defs, within)] as const] : [],
  );
  const open = schema['additionalProperties'];
  const own = fc.record(Object.fromEntries(members), {
    requiredKeys: required.filter((name) => name in properties),
  });
  if (!isSchema(open) || Object.keys(open).length === 0) return own;
  const names = isSchema(schema['propertyNames'])
    ? valid(schema['propertyNames'], defs, within)
    : fc.string({ maxLength: 10 });
  const entries = fc.array(fc.tuple(names, valid(open, defs, within)), { maxLength: 4 });
  return fc.tuple(own, entries).map(([known, more]) => ({
    ...Object.fromEntries(more.map(([key, value]) => [String(key), value])),
    ...known,
  }));
}

/**
 * Values that the schema accepts, or nearly: what only a refinement of ours refuses is among them. `within` names the
 * definitions that it stands in: one that refers to itself ends in any JSON.
 */
export function valid(
  schema: Schema,
  defs: Schema = isSchema(schema['$defs']) ? schema['$defs'] : {},
  within: readonly string[] = [],
): Values {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const found = within.includes(reference) ? undefined : defs[reference.split('/').at(-1) ?? ''];
    return isSchema(found) ? valid(found, defs, [...within, reference]) : fc.jsonValue({ maxDepth: 3 });
  }
  const either = [...schemas(schema['anyOf']), ...schemas(schema['oneOf'])];
  if (either.length > 0) return fc.oneof(...either.map((one) => valid(one, defs, within)));
  const all = schemas(schema['allOf']);
  if (all.length > 0) return valid(Object.assign({}, ...all), defs, within);
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom<unknown>(...schema['enum']);
  switch (schema['type']) {
    case 'string':
      return text(schema);
    case 'integer':
    case 'number':
      return numeric(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(isSchema(schema['items']) ? valid(schema['items'], defs, within) : fc.jsonValue(), {
        minLength: number(schema['minItems']) ?? 0,
        maxLength: Math.max(number(schema['minItems']) ?? 0, 4),
      });
    case 'object':
      return record(schema, defs, within);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

/** A fitting value with one thing wrong: a member replaced, left out, or one too many. */
export function mutated(fitting: Values): Values {
  return fc
    .tuple(fitting, fc.nat(), hostile, fc.constantFrom('replace', 'leave out', 'add'))
    .map(([value, at, harm, how]) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return harm;
      const names = Object.keys(value);
      const name = names[at % Math.max(1, names.length)] ?? 'a';
      if (how === 'add') return { ...value, [`unknown_${at % 10}`]: harm };
      if (how === 'leave out')
        return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
      const inside: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
      const deeper = typeof inside === 'object' && inside !== null && at % 2 === 0;
      return { ...value, [name]: deeper ? { ...inside, [Object.keys(inside)[0] ?? 'x']: harm } : harm };
    });
}
