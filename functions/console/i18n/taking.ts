import { taking as en } from './en/taking.ts';
import { addWords } from './index.ts';
import { taking as ko } from './ko/taking.ts';

/** The words come with quizzes, tests and results. */
addWords({ en, ko });
