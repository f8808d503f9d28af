import { DomainError, invalid } from '../errors.ts';

export const maxBodyBytes = 1_048_576;
export const maxDepth = 32;

/** Counts nesting outside strings in one pass, before any parser recurses. */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      depth++;
      if (depth > deepest) deepest = depth;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}

/** Only an escape can bring half of a surrogate pair, or hide a key from a search of the text. */
const escapeMark = '\\u';

/**
 * The JSON value of a request body.
 *
 * @throws 413 for more than 1 MiB (or what the operation allows), 415 for another media type, 422 for what is not plain JSON: nesting beyond
 *   32 (recursive schemas overflow the stack long before), a `__proto__` key, half of a surrogate pair
 */
export function parseBody(
  raw: string | undefined,
  contentType: string | undefined,
  maxBytes = maxBodyBytes,
): unknown {
  if (raw === undefined || raw === '') return undefined;
  if (contentType !== undefined && !/^application\/(?:[a-z.+-]+\+)?json(?:\s*;|$)/i.test(contentType))
    throw new DomainError('unsupported_media', 'request.media_type', 'Send the body as application/json.');
  if (Buffer.byteLength(raw) > maxBytes)
    throw new DomainError(
      'too_large',
      'request.too_large',
      `The body may have at most ${Math.floor(maxBytes / 1024)} KiB.`,
    );
  return parsePlainJson(raw);
}

/**
 * The value of JSON text from outside.
 *
 * @throws 422 as {@link parseBody} says
 */
export function parsePlainJson(raw: string): unknown {
  if (depthOf(raw) > maxDepth)
    throw invalid(['body'], `JSON may be nested at most ${maxDepth} deep`, 'json_depth');
  const value = parseJson(raw);
  const escapes = raw.includes(escapeMark);
  if ((escapes || raw.includes('__proto__')) && hasProto(value))
    throw invalid(['body'], '__proto__ is not a field', 'json_key');
  const broken = escapes ? brokenText(value) : undefined;
  if (broken) throw invalid(['body', ...broken], 'text contains half of a surrogate pair', 'json_text');
  return value;
}

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    throw invalid(['body'], 'this is not valid JSON', 'json_invalid');
  }
}

function hasProto(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(hasProto);
}

/** Where half of a surrogate pair stands, if anywhere. */
function brokenText(value: unknown): string[] | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : [];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const below = brokenText(member);
    if (below) return [key.toWellFormed(), ...below];
    if (!key.isWellFormed()) return [key.toWellFormed()];
  }
  return undefined;
}
