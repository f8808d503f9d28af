import { quizzes as en } from './en/quizzes.ts';
import { addWords } from './index.ts';
import './items.ts';
import { quizzes as ko } from './ko/quizzes.ts';

/** Words of quizzes come with their pages. */
addWords({ en, ko });
