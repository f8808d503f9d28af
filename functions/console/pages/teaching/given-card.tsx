import type { Exercise } from '#shared/contracts/exercises.ts';
import { api } from '../../app/api.ts';
import { useList } from '../../data/list.ts';
import { t } from '../../i18n/index.ts';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { DueBadge } from '../assignments-student/due-badge.tsx';

/** The classes that have this exercise. */
export function GivenCard({ exercise }: { exercise: Exercise }) {
  const { exercise_id, status } = exercise;
  const list = useList(`given.${exercise_id}`, (page, signal) =>
    api.assignments.listAssignments({ query: { exercise_id, limit: 10, ...page }, signal }),
  );
  return (
    <section>
      <div class="section-head">
        <h2>{t('given.title')}</h2>
        {status !== 'draft' && <a href={`/exercises/${exercise_id}/regrades`}>{t('regrade.all')}</a>}
      </div>
      <ListCard list={list} empty={<Empty icon="flag" title={t('given.none')} text={t('given.noneText')} />}>
        {(items) => (
          <ul class="list-links">
            {items.map((assignment) => (
              <li key={assignment.assignment_id}>
                <a class="list-link" href={`/assignments/${assignment.assignment_id}`}>
                  <div class="grow">
                    <span class="title">{assignment.class_name}</span>
                    {assignment.title !== exercise.title && <span class="under">{assignment.title}</span>}
                  </div>
                  <DueBadge assignment={assignment} />
                </a>
              </li>
            ))}
          </ul>
        )}
      </ListCard>
    </section>
  );
}
