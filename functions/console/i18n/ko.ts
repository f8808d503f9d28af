import type { Catalogue } from './index.ts';
import { app } from './ko/app.ts';
import { common } from './ko/common.ts';
import { errors } from './ko/errors.ts';
import { exercises } from './ko/exercises.ts';
import { home } from './ko/home.ts';
import { school } from './ko/school.ts';
import { studio } from './ko/studio.ts';
import { teaching } from './ko/teaching.ts';
import { trainings } from './ko/trainings.ts';

export const ko: Catalogue = {
  ...app,
  ...common,
  ...errors,
  ...exercises,
  ...home,
  ...school,
  ...teaching,
  ...studio,
  ...trainings,
};
