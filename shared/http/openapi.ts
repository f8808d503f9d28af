import * as z from 'zod';
import { type Operation, permittedRoles } from '../contracts/operation.ts';
import { errorResponse } from '../contracts/shapes.ts';

type Json = Record<string, unknown>;
type Schemas = Record<string, Json>;

const reasons: Readonly<Record<number, string>> = {
  400: 'Something that the body names does not exist',
  401: 'No valid access token, or wrong credentials',
  403: 'The caller’s role may not do this, or the school does not offer it',
  404: 'There is no such object, or the caller may not know of it',
  409: 'In conflict with the present state',
  413: 'The body is too large',
  415: 'The body is not JSON',
  422: 'The request does not fit its schema',
  429: 'Too many requests; Retry-After says when to come again',
  503: 'Not available right now',
};

/** Moves the `$defs` of a schema to the document's components, and points the references there. */
function hoist(schema: Json, components: Schemas): Json {
  const { $defs, $schema: _dialect, ...own } = schema as Json & { $defs?: Schemas };
  for (const [name, definition] of Object.entries($defs ?? {})) components[name] = pointed(definition);
  return pointed(own);
}
const pointed = (value: Json): Json =>
  JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;

function toSchema(schema: z.ZodType, io: 'input' | 'output', components: Schemas): Json {
  const json = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => delete jsonSchema.id,
  });
  // requests and replies of one name differ where defaults are filled in
  const suffix = io === 'input' ? 'Input' : '';
  const renamed = JSON.stringify(json).replaceAll(/"#\/\$defs\/([^"]+)"/g, `"#/$defs/$1${suffix}"`);
  const { $defs = {}, ...own } = JSON.parse(renamed) as Json & { $defs?: Schemas };
  const named = Object.fromEntries(Object.entries($defs).map(([name, value]) => [`${name}${suffix}`, value]));
  return hoist({ ...own, $defs: named }, components);
}

const parameters = (place: 'path' | 'query', schema: z.ZodObject | undefined, components: Schemas): Json[] =>
  Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const { description, ...own } = toSchema(field as z.ZodType, 'input', components);
    const required = place === 'path' || !(field as z.ZodType).safeParse(undefined).success;
    return { name, in: place, required, schema: own, ...(description !== undefined && { description }) };
  });

/** Whether an Idempotency-Key means something. */
const takesKey = ({ method, access }: Operation): boolean => method === 'POST' && access !== 'public';

function errorsOf(operation: Operation): number[] {
  const shared = [
    ...(operation.access === 'public' ? [] : [401, 403]),
    ...(operation.body ? [413, 415] : []),
    ...(takesKey(operation) ? [409] : []),
    ...(operation.body || operation.query || takesKey(operation) ? [422] : []),
  ];
  return [...new Set([...shared, ...(operation.errors ?? [])])].sort((a, b) => a - b);
}

function describe(name: string, tag: string, operation: Operation, components: Schemas): Json {
  const { access } = operation;
  const roles = permittedRoles(operation).map((role) =>
    access === 'public' ? role : `${role} (${access[role]})`,
  );
  const who = access === 'public' ? 'Open to everybody.' : `For: ${roles.join(', ')}.`;
  const success: Json = { description: operation.summary };
  if (operation.status !== 204)
    success['content'] = {
      'application/json': { schema: toSchema(operation.response, 'output', components) },
    };
  const failures = errorsOf(operation).map((status) => [
    status,
    {
      description: reasons[status] ?? 'Error',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorResponse' } } },
    },
  ]);
  const given = [
    ...parameters('path', operation.params, components),
    ...parameters('query', operation.query, components),
  ];
  if (takesKey(operation)) given.push({ $ref: '#/components/parameters/IdempotencyKey' });
  return {
    operationId: `${tag}.${name}`,
    tags: [tag],
    summary: operation.summary,
    description: [operation.description, who].filter((part) => part !== undefined).join('\n\n'),
    security: access === 'public' ? [] : [{ bearer: [] }],
    ...(given.length > 0 && { parameters: given }),
    ...(operation.body && {
      requestBody: {
        required: !operation.body.safeParse(undefined).success,
        content: { 'application/json': { schema: toSchema(operation.body, 'input', components) } },
      },
    }),
    responses: { [operation.status]: success, ...Object.fromEntries(failures) },
  };
}

/** The contracts as an OpenAPI 3.1 document. */
export function openApi(
  domains: Readonly<Record<string, { readonly contract: Readonly<Record<string, Operation>> }>>,
  info: { readonly title: string; readonly version: string },
): Json {
  const components: Schemas = {};
  const paths: Record<string, Json> = {};
  for (const [tag, { contract }] of Object.entries(domains))
    for (const [name, operation] of Object.entries(contract)) {
      paths[operation.path] ??= {};
      Object.assign(paths[operation.path] ?? {}, {
        [operation.method.toLowerCase()]: describe(name, tag, operation, components),
      });
    }
  // its `id` makes it a component of this name
  toSchema(errorResponse, 'output', components);
  return {
    openapi: '3.1.0',
    info: {
      ...info,
      description: 'The API of a Lyceum school. Wire fields are snake_case; instants are ISO 8601 in UTC.',
    },
    servers: [{ url: '/' }],
    tags: Object.keys(domains).map((name) => ({ name })),
    paths,
    components: {
      schemas: components,
      parameters: {
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          description: 'Same key and body within a day: the same effect once, the same reply.',
          schema: { type: 'string', minLength: 1, maxLength: 128 },
        },
      },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}
