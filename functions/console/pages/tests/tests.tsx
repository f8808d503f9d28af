import { user } from '../../app/session.ts';
import { t } from '../../i18n/index.ts';
import '../../i18n/taking.ts';
import { CardWait, Empty } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { ResultsOf } from '../results/results-of.tsx';
import { useMyTasks } from './task.ts';
import { TaskLinks } from './task-links.tsx';

/** What a student may take now, and below it what came out of everything so far. */
export function Tests() {
  const { data, error, reload } = useMyTasks();
  return (
    <>
      <PageHead title={t('tests.title')} lead={t('tests.lead')} />
      <div class="stack-l">
        <section>
          <div class="section-head">
            <h2>{t('tests.open')}</h2>
          </div>
          <div class="card">
            <CardWait resource={{ data, error, reload }} lines={3} height={40} />
            {data?.length === 0 && (
              <Empty icon="check" title={t('tests.nothing')} text={t('tests.nothingText')} />
            )}
            {data && data.length > 0 && <TaskLinks tasks={data} />}
          </div>
        </section>
        {user.value && <ResultsOf student_id={user.value.user_id} />}
      </div>
    </>
  );
}
