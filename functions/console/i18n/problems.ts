import { ApiError } from '#shared/http/client.ts';
import { isKey, locale, plain, t } from './index.ts';

/** What happened and what to do, in the reader's language. */
export function errorText(error: unknown): string {
  if (error instanceof ApiError) return refusalText(error);
  if (error instanceof TypeError) return t('error.network');
  return t('error.unexpected');
}

function refusalText(error: ApiError): string {
  const key = `error.${error.error_code}`;
  if (isKey(key)) return plain(key);
  if (error.status === 429 && error.retry_after_s !== undefined)
    return t('error.tooManyFor', { s: error.retry_after_s });
  const byStatus = `error.status.${error.status >= 500 ? '5xx' : error.status}`;
  // the server's own words say more, and they are English
  if (locale.value === 'en' && error.status < 500) return error.message;
  return isKey(byStatus) ? plain(byStatus) : t('error.unexpected');
}

/** What to quote when asking for help; only failures of the server are worth it. */
export const errorReference = (error: unknown): string | undefined =>
  error instanceof ApiError && error.status >= 500 && error.body.request_id !== ''
    ? error.body.request_id
    : undefined;

/** zod's own words are for programmers; a message that a contract gives is for people. */
const isForProgrammers = (msg: string): boolean => /^(Too (small|big)|Invalid (input|number))\b/.test(msg);

/** One problem of a 422, at its field. */
export function problemText(issue: { readonly msg: string; readonly type: string }): string {
  if (locale.value === 'en' && !isForProgrammers(issue.msg))
    return issue.msg.charAt(0).toUpperCase() + issue.msg.slice(1);
  const key = `problem.${issue.type}`;
  return isKey(key) ? plain(key) : t('problem.value');
}
