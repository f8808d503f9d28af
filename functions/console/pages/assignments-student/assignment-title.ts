import type { Assignment } from '#shared/contracts/assignments.ts';
import { titleOf } from '../exercises/words.ts';

/** What the teacher called it; else the exercise's title in the reader's language. */
export const assignmentTitle = ({ title, exercise }: Assignment): string =>
  title === exercise.title ? titleOf(exercise) : title;
