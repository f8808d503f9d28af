import type { Assignment } from '#shared/contracts/assignments.ts';
import { now } from '../../app/clock.ts';
import { locale, relativeTime, t } from '../../i18n/index.ts';

/** For this student: with their extension. */
export const dueAt = ({ mine, due_at }: Assignment): string | null => mine?.due_at ?? due_at;

export const isDone = ({ mine }: Assignment): boolean => mine?.best_grade === 100;

export const isOverdue = (assignment: Assignment): boolean => {
  const due = dueAt(assignment);
  return due !== null && Date.parse(due) <= now.value;
};

/** Whether another attempt would be taken now. */
export const mayHandIn = (assignment: Assignment | undefined): boolean =>
  !assignment?.mine || (assignment.mine.is_open && assignment.mine.attempts_left !== 0);

/** Still to do: the nearest date first, those without one last. */
export const stillToDo = (assignments: readonly Assignment[]): Assignment[] =>
  assignments
    .filter((assignment) => mayHandIn(assignment) && !isDone(assignment))
    .toSorted((a, b) => (dueAt(a) ?? '9999').localeCompare(dueAt(b) ?? '9999'));

const day_ms = 86_400_000;

/** `in 3 hours`; from a week on the date itself. */
export function whenText(at: string): string {
  if (Math.abs(Date.parse(at) - now.value) < 7 * day_ms) return relativeTime(at, now.value);
  return new Intl.DateTimeFormat(locale.value, { day: 'numeric', month: 'long' }).format(new Date(at));
}

export function dueText(assignment: Assignment): string {
  const due = dueAt(assignment);
  if (due === null) return t('due.none');
  return t(isOverdue(assignment) ? 'due.was' : 'due.in', { when: whenText(due) });
}
