import { randomInt } from 'node:crypto';

/** A name that nobody else has on a platform that several files share: `mina.402615`, `noether.402615@school.example`. */
export const unique = (name: string): string =>
  name.replace(/@|$/, (at) => `.${randomInt(100_000, 1_000_000)}${at}`);
