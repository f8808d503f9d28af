import { type Exercise, exerciseOperations } from '#shared/contracts/exercises.ts';
import { may, user } from '../../app/session.ts';

/** May this person change it: its author, or an administrator. */
export const isOwn = ({ created_by }: Exercise): boolean =>
  may(exerciseOperations.updateExercise) &&
  (created_by === user.value?.user_id || user.value?.role !== 'teacher');
