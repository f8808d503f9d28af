import { t } from '../../i18n/index.ts';

/** What the browser can tell about a new password; the server also knows the common ones. */
export const newPasswordProblem = (password: string): string | false =>
  password.length < 8 && t('password.short');
