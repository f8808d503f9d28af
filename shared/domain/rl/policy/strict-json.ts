import { InvalidPolicy } from './invalid-policy.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/**
 * Parses JSON from outside more strictly than `JSON.parse`: no key twice in an object (the last would win
 * silently), no `__proto__`, and no deeper than `maxDepth`, so that nothing behind it overflows the stack.
 * @throws InvalidPolicy
 */
export function parseStrictJson(text: string, maxDepth: number): Json {
  const reader = new Reader(text, maxDepth);
  const value = reader.value(0);
  reader.end();
  return value;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const space = /[ \t\n\r]*/y;
const scalar =
  /"(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

class Reader {
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  value(depth: number): Json {
    this.#skip();
    const first = this.#text[this.#at];
    if (first === '{') return this.#object(depth + 1);
    if (first === '[') return this.#array(depth + 1);
    return this.#scalar();
  }

  end(): void {
    this.#skip();
    if (this.#at < this.#text.length) throw this.#wrong();
  }

  #object(depth: number): JsonObject {
    this.#enter(depth);
    const entries = new Map<string, Json>();
    while (!this.#closes('}', entries.size > 0)) {
      this.#skip();
      const key = this.#scalar();
      if (typeof key !== 'string') throw this.#wrong();
      if (key === '__proto__') throw new InvalidPolicy('malformed', key, 'is not a field');
      if (entries.has(key)) throw new InvalidPolicy('malformed', key, 'is there twice');
      this.#expect(':');
      entries.set(key, this.value(depth));
    }
    return Object.fromEntries(entries);
  }

  #array(depth: number): Json[] {
    this.#enter(depth);
    const values: Json[] = [];
    while (!this.#closes(']', values.length > 0)) values.push(this.value(depth));
    return values;
  }

  #enter(depth: number): void {
    if (depth > this.#maxDepth)
      throw new InvalidPolicy('malformed', '', `JSON is nested deeper than ${this.#maxDepth}`);
    this.#at += 1;
  }

  /** Past the closing bracket, or past the comma before the next member. */
  #closes(bracket: string, comma: boolean): boolean {
    this.#skip();
    if (this.#text[this.#at] === bracket) {
      this.#at += 1;
      return true;
    }
    if (comma) this.#expect(',');
    return false;
  }

  #expect(character: string): void {
    this.#skip();
    if (this.#text[this.#at] !== character) throw this.#wrong();
    this.#at += 1;
  }

  #scalar(): null | boolean | number | string {
    scalar.lastIndex = this.#at;
    const token = scalar.exec(this.#text)?.[0];
    if (token === undefined) throw this.#wrong();
    try {
      // a token of the grammar above is one of these, but for control characters in a text
      const value = JSON.parse(token) as null | boolean | number | string;
      this.#at += token.length;
      return value;
    } catch {
      throw this.#wrong();
    }
  }

  #skip(): void {
    space.lastIndex = this.#at;
    this.#at += space.exec(this.#text)?.[0].length ?? 0;
  }

  #wrong(): InvalidPolicy {
    return new InvalidPolicy('malformed', '', `this is not valid JSON (at character ${this.#at})`);
  }
}
