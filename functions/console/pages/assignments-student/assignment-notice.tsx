import type { Assignment } from '#shared/contracts/assignments.ts';
import { now } from '../../app/clock.ts';
import { counted, duration, number, t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { dueMoment, useSchoolZone } from '../teaching/school-time.ts';
import { dueAt, dueText, isOverdue } from './due.ts';

/** Until when, how often still, and what being late means: said before one hands in, not after. */
export function AssignmentNotice({ assignment }: { assignment: Assignment }) {
  const { mine } = assignment;
  const zone = useSchoolZone();
  const due = dueAt(assignment);
  const warning = warningOf(assignment, zone);
  return (
    <div class={`note assignment-notice ${warning === undefined ? '' : 'warn'}`}>
      <Icon name={warning === undefined ? 'flag' : 'clock'} />
      <p>
        <strong>{assignment.class_name}</strong>
        {' · '}
        {due === null ? (
          dueText(assignment)
        ) : (
          <time dateTime={due}>{`${dueText(assignment)} (${dueMoment(due, zone)})`}</time>
        )}
        {mine?.attempts_left != null &&
          ` · ${mine.attempts_left === 0 ? t('due.noneLeft') : counted('due.left', mine.attempts_left)}`}
        {warning !== undefined && <small>{warning}</small>}
      </p>
    </div>
  );
}

function warningOf(assignment: Assignment, zone: string): string | undefined {
  const { mine } = assignment;
  if (mine?.attempts_left === 0) return t('due.attemptsUsed');
  if (isOverdue(assignment)) return lateWords(assignment, zone);
  const wait_s = mine?.next_attempt_at ? (Date.parse(mine.next_attempt_at) - now.value) / 1000 : 0;
  return wait_s > 0 ? t('due.cooldown', { time: duration(wait_s) }) : undefined;
}

function lateWords({ late_policy, mine }: Assignment, zone: string): string {
  if (mine && !mine.is_open) return t('due.lateRefused');
  if (late_policy.kind === 'accept') return t('due.lateAccepted');
  if (late_policy.kind === 'refuse') return t('due.lateRefused');
  const percent = number(late_policy.percent_per_day, 1);
  return late_policy.until === null
    ? t('due.latePenalty', { percent })
    : t('due.latePenaltyUntil', { percent, until: dueMoment(late_policy.until, zone) });
}
