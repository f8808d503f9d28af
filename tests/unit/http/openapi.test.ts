import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { domains } from '#shared/contracts/index.ts';
import type { Operation } from '#shared/contracts/operation.ts';
import { openApi } from '#shared/http/openapi.ts';

type Json = Record<string, unknown>;
interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly security: readonly Json[];
  readonly responses: Record<string, { readonly description: string; readonly content?: Json }>;
  readonly requestBody?: { readonly required: boolean; readonly content: Json };
  readonly parameters?: readonly {
    readonly name?: string;
    readonly in?: string;
    readonly required?: boolean;
  }[];
}
const document = openApi(domains, { title: 'Lyceum', version: '1.2.3' }) as {
  readonly paths: Record<string, Record<string, Described>>;
  readonly components: { readonly schemas: Record<string, Json> };
};
const declared = Object.values(domains).flatMap(({ contract }) => Object.values<Operation>(contract));
const described = (operation: Operation): Described => {
  const found = document.paths[operation.path]?.[operation.method.toLowerCase()];
  if (!found) throw new Error(`${operation.method} ${operation.path} is not described`);
  return found;
};
const all = declared.map(described);

test('the document is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(structuredClone(document) as Json);
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
});

test('it describes every operation of the contracts and nothing else', () => {
  const routes = Object.values(document.paths).flatMap((methods) => Object.keys(methods));
  expect(routes).toHaveLength(declared.length);
});

test('operation ids are unique', () => {
  expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(declared.length);
});

test.each(declared)('$method $path has a summary, a response, errors and security', (operation) => {
  const { summary, description, responses, security, requestBody, parameters = [] } = described(operation);
  expect(summary).toMatch(/^\p{Lu}.{3,99}$/u);
  expect(summary).not.toMatch(/\.$/);
  expect(description).toMatch(operation.access === 'public' ? /Open to everybody/ : /For: /);
  expect(responses[operation.status]?.content === undefined).toBe(operation.status === 204);
  expect(security).toEqual(operation.access === 'public' ? [] : [{ bearer: [] }]);
  const errors = Object.keys(responses)
    .map(Number)
    .filter((status) => status >= 400);
  if (operation.access !== 'public') expect(errors).toEqual(expect.arrayContaining([401, 403]));
  if (operation.body) expect(errors).toEqual(expect.arrayContaining([413, 415, 422]));
  if (operation.query) expect(errors).toContain(422);
  if (operation.params) expect(errors).toContain(404);
  for (const status of errors)
    expect(responses[status]?.content).toEqual({
      'application/json': { schema: { $ref: '#/components/schemas/ErrorResponse' } },
    });
  expect(requestBody === undefined).toBe(operation.body === undefined);
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  expect(inPath.map(({ name }) => `{${name}}`)).toEqual(operation.path.match(/\{[a-z_]+\}/g) ?? []);
  expect(inPath.every(({ required }) => required)).toBe(true);
});

/** Every `description` that a schema's fields declare, by path. */
function declaredDescriptions(schema: z.core.$ZodType, path: string): string[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const { description } = z.globalRegistry.get(field as z.ZodType) ?? {};
    return description === undefined ? [] : [`${path}.${name}: ${description}`];
  });
}

test('what the fields say about themselves is in the document', () => {
  const text = JSON.stringify(document);
  const found = declared.flatMap((operation) => [
    ...(operation.body ? declaredDescriptions(operation.body as z.core.$ZodType, 'body') : []),
    ...declaredDescriptions(operation.response as z.core.$ZodType, 'response'),
    ...(operation.query ? declaredDescriptions(operation.query, 'query') : []),
  ]);
  expect(found.length).toBeGreaterThan(40);
  for (const line of found)
    expect(text).toContain(JSON.stringify(line.split(': ').slice(1).join(': ')).slice(1, -1));
});

test('every reference leads to a component, and every component is used', () => {
  const text = JSON.stringify(document);
  const used = new Set([...text.matchAll(/#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name));
  expect([...used].sort()).toEqual(Object.keys(document.components.schemas).sort());
  expect(text).not.toContain('$defs');
});

test('a request schema leaves out what has a default, its reply counterpart promises it', () => {
  const { schemas } = document.components;
  expect(schemas['PpoHyperparametersInput']?.['required']).toBeUndefined();
  expect(schemas['PpoHyperparameters']?.['required']).toContain('gamma');
});
