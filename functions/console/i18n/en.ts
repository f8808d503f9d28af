import { app } from './en/app.ts';
import { common } from './en/common.ts';
import { errors } from './en/errors.ts';
import { exercises } from './en/exercises.ts';
import { home } from './en/home.ts';
import { school } from './en/school.ts';
import { teaching } from './en/teaching.ts';
import { trainings } from './en/trainings.ts';
import { writing } from './en/writing.ts';

/** Every word of the console but the studio's, which come with its pages. `{name}` is replaced; `.one` and `.other` are forms of one counted phrase. */
export const en = {
  ...app,
  ...common,
  ...errors,
  ...exercises,
  ...home,
  ...school,
  ...teaching,
  ...trainings,
  ...writing,
} as const;
