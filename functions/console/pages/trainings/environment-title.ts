import { isKey, plain } from '../../i18n/index.ts';

/** The environment's name in the reader's language, where it is a known one. */
export const titleOf = (id: string, title = id): string => {
  const key = `env.${id}`;
  return isKey(key) ? plain(key) : title;
};
