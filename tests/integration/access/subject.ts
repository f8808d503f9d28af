import type { Call, Contract, Operation, ParsedReply, Role, Scope } from '#shared/contracts/operation.ts';
import type { Person } from '#tests/support/school.ts';
import type { Cast } from './cast.ts';

/**
 * Whose object a request is about, seen from any caller of the cast:
 *
 * - `own`: the caller's, or of the class and the student that the whole cast shares
 * - `other`: of the same organisation, and none of the caller's business
 * - `foreign`: of another organisation
 */
export const whoses = ['own', 'other', 'foreign'] as const;
export type Whose = (typeof whoses)[number];

export interface Question {
  readonly cast: Cast;
  readonly caller: Person;
  /** How far the operation's contract lets the caller's role reach; undefined: not at all. */
  readonly scope: Scope | undefined;
  readonly whose: Whose;
}

/** What a request is about. It knows no caller: all who ask for the same object may send the same request. */
export interface Asked {
  readonly cast: Cast;
  readonly whose: Whose;
  /** Whose the object is, or in whose name it is asked for. */
  readonly owner: Person;
}

/**
 * What the matrix needs to know of an operation to ask it for an object.
 *
 * - `object`: it is about one object; out of reach it answers `refused` (404 unless said)
 * - `list`: it answers many, and `lists` tells whether the object is among them; out of reach it is not, or
 *   the answer is 404
 * - `none`: there is no object of others to reach
 */
export type Subject<O extends Operation> = {
  /** Default: the teacher of the circle; a teacher's own class, bank and exercise are theirs, so. */
  readonly owner?: (question: Question) => Person;
  /** Makes an object that nobody has asked for yet. */
  readonly request: (asked: Asked) => Call<O> | Promise<Call<O>>;
} & (
  | { readonly reach: 'none' }
  | { readonly reach: 'object'; readonly refused?: readonly (400 | 403 | 404)[] }
  | { readonly reach: 'list'; readonly lists: (reply: ParsedReply<O>, asked: Asked) => boolean }
);

export const askedBy = <O extends Operation>({ owner }: Subject<O>, question: Question): Asked => {
  const { cast, whose } = question;
  return { cast, whose, owner: owner?.(question) ?? cast.circles[whose].teacher };
};

/** An entry for each operation of a contract: a new operation without one does not compile. */
export type Subjects<C extends Contract> = { readonly [K in keyof C]: Subject<C[K]> };

/** Whether the scope that a contract gives a role covers the object; the meaning of each word, once. */
export function reaches(scope: Scope, whose: Whose): boolean {
  if (scope === 'all') return true;
  if (scope === 'organization') return whose !== 'foreign';
  return whose === 'own';
}

export const scopeOf = (operation: Operation, role: Role): Scope | undefined =>
  operation.access === 'public' ? undefined : operation.access[role];
