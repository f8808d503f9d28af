import type { en as english } from './en.ts';
import { app } from './ko/app.ts';
import { common } from './ko/common.ts';
import { errors } from './ko/errors.ts';
import { exercises } from './ko/exercises.ts';
import { home } from './ko/home.ts';
import { school } from './ko/school.ts';
import { teaching } from './ko/teaching.ts';
import { trainings } from './ko/trainings.ts';
import { writing } from './ko/writing.ts';
import type { Translated } from './translated.ts';

export const ko: Translated<typeof english> = {
  ...app,
  ...common,
  ...errors,
  ...exercises,
  ...home,
  ...school,
  ...teaching,
  ...trainings,
  ...writing,
};
