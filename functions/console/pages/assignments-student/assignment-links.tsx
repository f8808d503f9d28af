import type { Assignment } from '#shared/contracts/assignments.ts';
import { counted, t } from '../../i18n/index.ts';
import { gradeText } from '../exercises/words.ts';
import { assignmentTitle } from './assignment-title.ts';
import { DueBadge } from './due-badge.tsx';

/** Assignments as a short list: what, for whom, until when. */
export const AssignmentLinks = ({ assignments }: { assignments: readonly Assignment[] }) => (
  <ul class="list-links">
    {assignments.map((assignment) => (
      <li key={assignment.assignment_id}>
        <a class="list-link" href={`/assignments/${assignment.assignment_id}`}>
          <div class="grow">
            <span class="title">{assignmentTitle(assignment)}</span>
            <span class="under">{[assignment.class_name, ...standing(assignment)].join(' · ')}</span>
          </div>
          <DueBadge assignment={assignment} />
        </a>
      </li>
    ))}
  </ul>
);

function standing({ mine }: Assignment): string[] {
  if (!mine) return [];
  const best = mine.best_grade === null ? [] : [t('progress.best', { grade: gradeText(mine.best_grade) })];
  const left = mine.attempts_left === null ? [] : [counted('due.left', mine.attempts_left)];
  return [...best, ...left];
}
