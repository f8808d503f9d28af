import { asList, asNumber, isObject, type Json, type JsonObject } from './json.ts';

/**
 * Amazon EventBridge event patterns, which rules and Lambda's FilterCriteria share: an object matches when every
 * key of the pattern does; a leaf is a list of alternatives, literal or `{prefix|suffix|exists|numeric|…: …}`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function matches(pattern: JsonObject, event: Json): boolean {
  return Object.entries(pattern).every(([key, expected]) => {
    if (key === '$or') return asList(expected).some((one) => isObject(one) && matches(one, event));
    const actual = isObject(event) ? event[key] : undefined;
    if (Array.isArray(expected)) return matchesAny(expected, actual);
    if (!isObject(expected)) throw new Error(`Event pattern: ${key} must be a list or an object`);
    if (Array.isArray(actual)) return actual.some((one: Json) => matches(expected, one));
    return matches(expected, actual ?? {});
  });
}

function matchesAny(alternatives: readonly Json[], actual: Json | undefined): boolean {
  const values = Array.isArray(actual) ? actual : [actual];
  return alternatives.some((alternative) =>
    values.some((value: Json | undefined) => matchesOne(alternative, value)),
  );
}

function matchesOne(alternative: Json, actual: Json | undefined): boolean {
  if (!isObject(alternative)) return alternative === actual;
  const [[operator, argument] = ['', null]] = Object.entries(alternative);
  const text = typeof actual === 'string' ? actual : undefined;
  switch (operator) {
    case 'exists':
      return (actual !== undefined && !isObject(actual)) === argument;
    case 'prefix':
      return text?.startsWith(String(argument)) ?? false;
    case 'suffix':
      return text?.endsWith(String(argument)) ?? false;
    case 'equals-ignore-case':
      return text?.toLowerCase() === String(argument).toLowerCase();
    case 'wildcard':
      return text !== undefined && wildcard(String(argument)).test(text);
    case 'anything-but':
      return actual !== undefined && !matchesAny(Array.isArray(argument) ? argument : [argument], actual);
    case 'numeric':
      return typeof actual === 'number' && compares(asList(argument), actual);
    default:
      throw new Error(`Event pattern: operator ${operator} is not handled`);
  }
}

const wildcard = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );

/** `[">", 0, "<=", 5]`: pairs of operator and bound, all of which must hold. */
function compares(conditions: readonly Json[], actual: number): boolean {
  const comparison: Readonly<Record<string, (bound: number) => boolean>> = {
    '=': (bound) => actual === bound,
    '<': (bound) => actual < bound,
    '<=': (bound) => actual <= bound,
    '>': (bound) => actual > bound,
    '>=': (bound) => actual >= bound,
  };
  for (let index = 0; index < conditions.length; index += 2) {
    const bound = asNumber(conditions[index + 1]);
    const compare = comparison[String(conditions[index])];
    if (bound === undefined || compare === undefined)
      throw new Error('Event pattern: malformed numeric condition');
    if (!compare(bound)) return false;
  }
  return true;
}
