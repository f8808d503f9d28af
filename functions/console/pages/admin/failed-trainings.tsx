import { useSignal } from '@preact/signals';
import { api, newKey } from '../../app/api.ts';
import { toast } from '../../app/toasts.ts';
import { useList } from '../../data/list.ts';
import { t } from '../../i18n/index.ts';
import { errorText } from '../../i18n/problems.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { PageHead } from '../../ui/page.tsx';
import { TrainingTable } from '../trainings/training-table.tsx';
import { FailedSubmissions } from './failed-submissions.tsx';

/** What the platform could not do: trainings and gradings that failed, each with a way to run it once more. */
export function FailedTrainings() {
  const busy = useSignal('');
  const list = useList('failed', (page, signal) =>
    api.training.list({ query: { status: 'failed', ...page }, signal }),
  );
  const redrive = async (session_id: string) => {
    busy.value = session_id;
    try {
      await api.training.redrive({ params: { session_id }, idempotency_key: newKey() });
      toast('good', t('training.redriven'));
      list.change((items) => items.filter((each) => each.session_id !== session_id));
    } catch (error) {
      toast('bad', errorText(error));
    } finally {
      busy.value = '';
    }
  };
  return (
    <>
      <PageHead title={t('failed.title')} lead={t('failed.both')} />
      <div class="stack-l">
        <FailedSubmissions />
        <section>
          <div class="section-head">
            <h2>{t('nav.failed')}</h2>
          </div>
          <ListCard
            list={list}
            empty={<Empty icon="check" title={t('failed.none')} text={t('failed.noneText')} />}
          >
            {(items) => (
              <TrainingTable
                label={t('nav.failed')}
                trainings={items}
                showOwner
                actions={({ session_id }) => (
                  <Button
                    size="small"
                    busy={busy.value === session_id}
                    onClick={() => void redrive(session_id)}
                  >
                    {t('training.redrive')}
                  </Button>
                )}
              />
            )}
          </ListCard>
        </section>
      </div>
    </>
  );
}
