import { useSignal } from '@preact/signals';
import { exerciseOperations } from '#shared/contracts/exercises.ts';
import { may } from '../../app/session.ts';
import '../../i18n/class-exams.ts';
import { t } from '../../i18n/index.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { ClassGradebook } from './class-gradebook.tsx';
import { ExamResults } from './exam-results.tsx';

const views = ['gradebook', 'exams'] as const;

/** What the class has achieved: every grade in one table, and how its tests went. */
export function ClassResults({ class_id }: { class_id: string }) {
  const view = useSignal<(typeof views)[number]>('gradebook');
  return (
    <>
      <div class="toolbar">
        <Segments
          label={t('results.view')}
          value={view.value}
          options={views.map((value) => ({ value, label: t(`results.view.${value}`) }))}
          onChange={(value) => {
            view.value = value;
          }}
        />
        {may(exerciseOperations.createExercise) && (
          <LinkButton href={`/classes/${class_id}/import-results`}>{t('importResults.link')}</LinkButton>
        )}
      </div>
      {view.value === 'gradebook' ? (
        <ClassGradebook class_id={class_id} />
      ) : (
        <ExamResults class_id={class_id} />
      )}
    </>
  );
}
