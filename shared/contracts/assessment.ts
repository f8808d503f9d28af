import { contract } from './operation.ts';
import { quizOperations } from './quizzes.ts';

/** What the function `assessment` serves: quizzes. */
export const assessmentContract = contract({ ...quizOperations });
