import type { Assignment } from '#shared/contracts/assignments.ts';
import { now } from '../../app/clock.ts';
import { dueMoment, useSchoolZone } from '../teaching/school-time.ts';
import { dueAt, dueText, isDone, isOverdue } from './due.ts';

const soon_ms = 2 * 86_400_000;

/** When it is due, the more striking the nearer. */
export function DueBadge({ assignment }: { assignment: Assignment }) {
  const zone = useSchoolZone();
  const due = dueAt(assignment);
  const isSoon = due !== null && Date.parse(due) - now.value < soon_ms;
  const look =
    isDone(assignment) || due === null ? '' : isOverdue(assignment) ? 'bad' : isSoon ? 'warn' : 'accent';
  return (
    <span class={`badge ${look}`} title={due === null ? undefined : dueMoment(due, zone)}>
      {dueText(assignment)}
    </span>
  );
}
