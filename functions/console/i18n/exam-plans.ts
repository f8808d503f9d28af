import './class-exams.ts';
import './items.ts';
import { examPlans as en } from './en/exam-plans.ts';
import { addWords } from './index.ts';
import { examPlans as ko } from './ko/exam-plans.ts';

/** Words of test plans come with their pages. */
addWords({ en, ko });
