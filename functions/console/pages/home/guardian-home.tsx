import { api } from '../../app/api.ts';
import { useList } from '../../data/list.ts';
import { t } from '../../i18n/index.ts';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { TrainingLinks } from '../trainings/training-links.tsx';

/** The children that a guardian is linked to, and what each has trained. */
export function GuardianHome() {
  const links = useList('guardian.children', (page, signal) =>
    api.school.listGuardianLinks({ query: page, signal }),
  );
  if (!links.items?.length)
    return (
      <ListCard
        list={links}
        empty={<Empty icon="people" title={t('guardian.none')} text={t('guardian.noneText')} />}
      >
        {() => null}
      </ListCard>
    );
  return (
    <div class="stack-l">
      {links.items.map(({ student_id, student_name }) => (
        <Child key={student_id} student_id={student_id} name={student_name} />
      ))}
    </div>
  );
}

function Child({ student_id, name }: { student_id: string; name: string }) {
  const trainings = useList(`guardian.${student_id}`, (page, signal) =>
    api.training.list({ query: { owner_id: student_id, ...page }, signal }),
  );
  return (
    <section>
      <div class="section-head">
        <h2>{name}</h2>
      </div>
      <ListCard
        list={trainings}
        empty={
          <Empty icon="training" title={t('trainings.empty')} text={t('guardian.noTrainings', { name })} />
        }
      >
        {(items) => <TrainingLinks trainings={items} />}
      </ListCard>
    </section>
  );
}
