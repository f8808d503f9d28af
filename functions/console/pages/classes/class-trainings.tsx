import { api } from '../../app/api.ts';
import { useList } from '../../data/list.ts';
import { t } from '../../i18n/index.ts';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { hasSweepRuns, SweepRunsToo, single } from '../trainings/sweeps/sweep-runs.tsx';
import { TrainingTable } from '../trainings/training-table.tsx';

/** What the students have trained for this class. */
export function ClassTrainings({ class_id }: { class_id: string }) {
  const filter = { class_id, ...(!hasSweepRuns() && single) };
  const list = useList(`class.trainings.${JSON.stringify(filter)}`, (page, signal) =>
    api.training.list({ query: { ...filter, ...page }, signal }),
  );
  return (
    <>
      <div class="toolbar">
        <SweepRunsToo />
      </div>
      <ListCard
        list={list}
        empty={<Empty icon="training" title={t('trainings.empty')} text={t('class.noTrainings')} />}
      >
        {(items) => <TrainingTable label={t('class.tab.trainings')} trainings={items} showOwner />}
      </ListCard>
    </>
  );
}
