import { api } from '../../app/api.ts';
import { useList } from '../../data/list.ts';
import { t } from '../../i18n/index.ts';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { TrainingLinks } from '../trainings/training-links.tsx';

/** The trainings of a guardian's child. */
export function ChildTrainings({ student_id, name }: { student_id: string; name: string }) {
  const trainings = useList(`guardian.${student_id}`, (page, signal) =>
    api.training.list({ query: { owner_id: student_id, ...page }, signal }),
  );
  return (
    <ListCard
      list={trainings}
      empty={
        <Empty icon="training" title={t('trainings.empty')} text={t('guardian.noTrainings', { name })} />
      }
    >
      {(items) => <TrainingLinks trainings={items} />}
    </ListCard>
  );
}
