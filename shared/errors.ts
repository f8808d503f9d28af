/**
 * Errors as values of the domain: a kind, a stable code and facts. Only `http/serve.ts` and the socket know
 * how they look outside.
 */
export type ErrorKind =
  | 'invalid'
  | 'unknown_reference'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'unsupported_media'
  | 'too_many'
  | 'unavailable';

export interface Issue {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

export class DomainError extends Error {
  readonly kind: ErrorKind;
  readonly error_code: string;
  readonly issues: readonly Issue[] | undefined;
  readonly retry_after_s: number | undefined;

  constructor(
    kind: ErrorKind,
    error_code: string,
    message: string,
    more: { readonly issues?: readonly Issue[]; readonly retry_after_s?: number } = {},
  ) {
    super(message);
    this.name = 'DomainError';
    this.kind = kind;
    this.error_code = error_code;
    this.issues = more.issues;
    this.retry_after_s = more.retry_after_s;
  }
}

type Make = (error_code: string, message: string) => DomainError;
const of =
  (kind: ErrorKind): Make =>
  (error_code, message) =>
    new DomainError(kind, error_code, message);

/** Something named in a body does not exist (400), e.g. `unknownReference('class.unknown', 'Class not found: …')`. */
export const unknownReference = of('unknown_reference');
export const unauthorized = of('unauthorized');
export const forbidden = of('forbidden');
export const conflict = of('conflict');
export const unavailable = of('unavailable');

/** The object does not exist, or the caller may not know that it does. */
export const notFound = (what: string): DomainError =>
  new DomainError('not_found', `${what}.not_found`, `There is no such ${what.replaceAll('_', ' ')}.`);

/** A rule that a schema cannot say; `loc` names the field, e.g. `['body', 'role']`. */
export const invalid = (loc: readonly (string | number)[], msg: string, type = 'value_error'): DomainError =>
  new DomainError('invalid', 'request.invalid', msg, { issues: [{ loc, msg, type }] });

export const tooMany = (error_code: string, message: string, retry_after_s: number): DomainError =>
  new DomainError('too_many', error_code, message, { retry_after_s });
