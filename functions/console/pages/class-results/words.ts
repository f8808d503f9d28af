import { isKey, plain } from '../../i18n/index.ts';

/** Tests without a plan are called by their type. */
export function examTitle(title: string): string {
  const key = `examType.${title}`;
  return isKey(key) ? plain(key) : title;
}
