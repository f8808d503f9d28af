/** Requests to every operation of the contracts: fitting ones, and ones that fit less and less. */
import fc from 'fast-check';
import * as z from 'zod';
import { contracts } from '#shared/contracts/index.ts';
import type { Operation, Role } from '#shared/contracts/operation.ts';
import { hostile, hostileText, mutated, type Schema, valid } from '#tests/support/schema-arbitraries.ts';

export interface FuzzRequest {
  /** Domain and name of the operation: `school.getUser`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Which of the callers asks; none without one. */
  readonly caller: number;
}

/** Objects that exist, by the field that names them; `other` names people. */
export interface Known {
  readonly class_id: readonly string[];
  readonly org_id: readonly string[];
  readonly session_id: readonly string[];
  readonly sweep_id: readonly string[];
  /** Of checkpoints. */
  readonly step: readonly string[];
  readonly exercise_id: readonly string[];
  readonly assignment_id: readonly string[];
  readonly submission_id: readonly string[];
  readonly regrade_id: readonly string[];
  readonly upload_id: readonly string[];
  readonly entry_id: readonly string[];
  readonly bank_id: readonly string[];
  readonly item_id: readonly string[];
  readonly quiz_id: readonly string[];
  readonly attempt_id: readonly string[];
  readonly environment: readonly string[];
  readonly other: readonly string[];
}
/** Mostly of the right kind, now and then of another. */
function idsFor(field: string, known: Known): fc.Arbitrary<string> {
  const { [field as keyof Known]: right = known.other } = known;
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...right) },
    fc.constantFrom(...Object.values(known).flat()),
  );
}

const schemaOf = (type: z.ZodType): Schema =>
  z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' }) as Schema;
const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

const pathOf = (operation: Operation, known: Known): fc.Arbitrary<string> => {
  const names = operation.path.match(/\{[a-z_]+\}/g) ?? [];
  const segments = names.map((name) =>
    fc.oneof(
      { weight: 8, arbitrary: idsFor(name.slice(1, -1), known) },
      fc.uuid(),
      fc.constantFrom(...hostileText).map((value) => encodeURIComponent(value.slice(0, 300).toWellFormed())),
    ),
  );
  return fc.tuple(...segments).map((values) => {
    const filled = [...values];
    return operation.path.replaceAll(/\{[a-z_]+\}/g, () => filled.shift() || 'x');
  });
};

function queryOf({ query }: Operation, known: Known): fc.Arbitrary<string> {
  if (!query) return fc.constant('');
  const fields = Object.entries(query.shape).map(([name, field]) => {
    const fitting = name.endsWith('_id') ? idsFor(name, known) : valid(schemaOf(field as z.ZodType));
    const value = fc.oneof({ weight: 5, arbitrary: fitting }, hostile);
    return fc.option(
      value.map((one) => `${name}=${encodeURIComponent(text(one).slice(0, 5000).toWellFormed())}`),
      { freq: 2 },
    );
  });
  const odd = fc.constantFrom(
    ...['skip=3', 'page=2', 'x=1', 'limit=5&limit=6', '__proto__=1', '%ff=1', '&&==', 'limit=%00'],
  );
  return fc
    .tuple(fc.tuple(...fields), fc.option(odd, { freq: 8 }))
    .map(([given, more]) => [...given, more].filter((part) => part !== null).join('&'));
}

/** Ids of a body are those of objects that exist, mostly of the right kind. */
const withIds = (body: unknown, known: Known, at: number): unknown => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const pick = (field: string, index: number): string | undefined => {
    const { [field as keyof Known]: right = known.other } = known;
    return right[(at + index) % right.length];
  };
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) => {
      if (key.endsWith('_ids') && Array.isArray(value)) return [key, value.map((_, each) => pick(key, each))];
      return [key, key.endsWith('_id') && typeof value === 'string' ? pick(key, 0) : value];
    }),
  );
};

const garbage = fc.constantFrom(
  '',
  '{',
  'null',
  '[]',
  '"text"',
  '{"a":1}{"b":2}',
  '{"\\u005f_proto__":{"role":"platform_admin"}}',
  '{"name":"\\ud800"}',
  `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  `{"name":"${'x'.repeat(1_100_000)}"}`,
  '\ufeff{}',
  '{"name":1e999}',
);

function bodyOf({ body }: Operation, known: Known): fc.Arbitrary<string | undefined> {
  if (!body) return fc.constant(undefined);
  const schema = schemaOf(body);
  const fitting = fc.tuple(valid(schema), fc.nat(1000)).map(([value, at]) => withIds(value, known, at));
  return fc.oneof(
    { weight: 8, arbitrary: fitting.map(text) },
    { weight: 5, arbitrary: mutated(fitting).map((value) => JSON.stringify(value) ?? '') },
    { weight: 1, arbitrary: hostile.map((value) => JSON.stringify(value) ?? '') },
    { weight: 1, arbitrary: garbage },
  );
}

const headers: fc.Arbitrary<Record<string, string>> = fc
  .tuple(
    fc.oneof(
      { weight: 12, arbitrary: fc.constant('application/json') },
      fc.constantFrom('text/plain', 'application/xml', 'application/json; charset=utf-16'),
    ),
    fc.option(fc.oneof(fc.uuid(), fc.constantFrom('same-key', 'a b', 'k'.repeat(200))), { freq: 3 }),
  )
  .map(([type, key]) => ({ 'content-type': type, ...(key !== null && { 'idempotency-key': key }) }));

function callerOf({ access }: Operation, callers: readonly Role[]): fc.Arbitrary<number> {
  const anybody = fc.integer({ min: -1, max: callers.length - 1 });
  const permitted = [...callers.keys()].filter((at) => {
    const role = callers[at];
    return access === 'public' || (role !== undefined && access[role] !== undefined);
  });
  return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...permitted) }, anybody);
}

/** Every operation by domain and name. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries(contracts).flatMap(([domain, contract]) =>
    Object.entries<Operation>(contract).map(([name, operation]) => [`${domain}.${name}`, operation] as const),
  ),
);

/** A request to some operation, mostly by somebody whose role may ask it. */
export function requests(known: Known, callers: readonly Role[]): fc.Arbitrary<FuzzRequest> {
  return fc.oneof(
    ...[...operations].map(([name, operation]) =>
      fc.record({
        name: fc.constant(name),
        method: fc.constant(operation.method),
        path: pathOf(operation, known),
        query: queryOf(operation, known),
        headers,
        body: bodyOf(operation, known),
        caller: callerOf(operation, callers),
      }),
    ),
  );
}
