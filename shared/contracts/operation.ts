import * as z from 'zod';

/** Roles from least to most power: nobody gives a role that stands to the right of their own. */
export const roles = ['student', 'guardian', 'assistant', 'teacher', 'org_admin', 'platform_admin'] as const;
export const role = z
  .enum(roles)
  .meta({ id: 'Role', description: 'What a person may do in their organisation' });
export type Role = z.infer<typeof role>;

/** The header by which CloudFront proves itself to the API. */
export const originHeader = 'x-lyceum-origin';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * How far a role reaches with an operation; the matrix test proves each word.
 *
 * - `self`: the operation concerns the caller alone, there is no other object to reach
 * - `own`: objects the caller owns
 * - `linked`: objects of the students a guardian is linked to (and the guardian's own)
 * - `taught`: objects of the classes where the caller is teacher or assistant (and the caller's own)
 * - `member`: classes the caller belongs to, as a student or on the staff
 * - `organization`: every object of the caller's organisation
 * - `all`: every object of the school's stack
 */
export type Scope = 'self' | 'own' | 'linked' | 'taught' | 'member' | 'organization' | 'all';
export type Access = 'public' | Readonly<Partial<Record<Role, Scope>>>;

/** Operations on oneself, which every role has. */
export const everybody = {
  student: 'self',
  guardian: 'self',
  assistant: 'self',
  teacher: 'self',
  org_admin: 'self',
  platform_admin: 'self',
} as const satisfies Access;

/** One HTTP operation, declared once: router, types, checks, OpenAPI, client and tests derive from it. */
export interface Operation {
  readonly method: Method;
  readonly path: `/${string}`;
  /** One line in the imperative: the name of the operation in the reference. */
  readonly summary: string;
  readonly description?: string;
  /** A role that is absent here gets 403. */
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Bytes that the body may have, where 1 MiB is too little. */
  readonly largestBody?: number;
  readonly status: 200 | 201 | 202 | 204;
  readonly response: z.ZodType;
  /** What can go wrong beside 413, 415, 422, 5xx and, with a token, 401 and 403, which its kind shares. */
  readonly errors?: readonly (400 | 401 | 403 | 404 | 409 | 413 | 429 | 503)[];
}
export type Contract = Readonly<Record<string, Operation>>;

/** Keeps the literal types of a contract while checking its shape. */
export const contract = <const C extends Contract>(operations: C): C => operations;

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;
type Given<T> = T extends z.ZodType ? z.input<T> : undefined;

export interface Caller {
  readonly user_id: string;
  readonly role: Role;
  readonly org_id: string;
  /** The login (refresh-token family) that the access token belongs to. */
  readonly login_id: string;
}

/** What a handler of operation `O` receives; everything in it has been parsed. */
export interface Request<O extends Operation> {
  readonly params: Parsed<O['params']>;
  readonly query: Parsed<O['query']>;
  readonly body: Parsed<O['body']>;
  readonly caller: O['access'] extends 'public' ? undefined : Caller;
  readonly cookies: Readonly<Record<string, string>>;
  /** The client's address, for throttling failures only. */
  readonly address: string;
  /** The host that the browser asked, if the front door said so. */
  readonly host: string | undefined;
  readonly idempotency_key: string | undefined;
}
/** What a handler gives back; nothing where the status is 204. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler without a reply may be an async function without a return
export type Reply<O extends Operation> = O['status'] extends 204 ? undefined | void : z.input<O['response']>;
export type ParsedReply<O extends Operation> = z.output<O['response']>;

/** What a client of operation `O` passes. */
export type Call<O extends Operation> = (O['params'] extends z.ZodType
  ? { params: Given<O['params']> }
  : object) &
  (O['query'] extends z.ZodType ? { query?: Given<O['query']> } : object) &
  (O['body'] extends z.ZodType ? { body: Given<O['body']> } : object);

export const routeKey = (operation: Operation): string => `${operation.method} ${operation.path}`;

export function permittedRoles({ access }: Operation): readonly Role[] {
  return access === 'public' ? roles : roles.filter((name) => access[name] !== undefined);
}
