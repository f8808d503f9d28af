/** Which exercises somebody may read and solve, for the other parts of this function. */
export { isPractice, readableExercise } from './exercises/access.ts';
