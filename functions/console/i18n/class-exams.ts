import { classExams as en } from './en/class-exams.ts';
import { addWords } from './index.ts';
import { classExams as ko } from './ko/class-exams.ts';
import './pictures.ts';

/** Words of a class's tests and results come with their pages. */
addWords({ en, ko });
