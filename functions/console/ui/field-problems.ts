import type * as z from 'zod';
import { ApiError } from '#shared/http/client.ts';
import { t } from '../i18n/index.ts';
import { problemText } from '../i18n/problems.ts';

/** What is wrong, by field. */
export type Problems = ReadonlyMap<string, string>;
export const none: Problems = new Map();

/** What the contract says of a place of the body; nothing typed is missing rather than wrong. */
function issueText({ path, message, code }: z.core.$ZodIssue, body: unknown): string {
  const value = valueAt(body, path);
  const isMissing = typeof value === 'string' && value.trim() === '';
  return isMissing ? t('write.missing') : problemText({ msg: message, type: code });
}

/** Adds what the contract refuses to what is wrong already; the first of a field counts. */
export function addIssues(
  found: Map<string, string>,
  error: z.ZodError | undefined,
  body: unknown,
  fieldOf: (path: readonly PropertyKey[]) => string,
): void {
  for (const issue of error?.issues ?? []) {
    const field = fieldOf(issue.path);
    if (!found.has(field)) found.set(field, issueText(issue, body));
  }
}

const valueAt = (body: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
    body,
  );

/** The server's refusals at their fields; none where one belongs to no field, which is told as a whole. */
export function refusedFields(error: unknown, fieldOf: (path: readonly PropertyKey[]) => string): Problems {
  if (!(error instanceof ApiError) || typeof error.body.detail === 'string') return none;
  const found = new Map<string, string>();
  for (const { loc, msg, type } of error.body.detail) {
    if (loc.length < 2) return none;
    const field = fieldOf(loc.slice(1));
    if (!found.has(field)) found.set(field, problemText({ msg, type }));
  }
  return found;
}
