import type { Page } from '#shared/contracts/shapes.ts';
import { api } from '../../app/api.ts';
import { everyPage, useList } from '../../data/list.ts';
import { t } from '../../i18n/index.ts';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/words.tsx';
import type { SubmissionSummary } from '../exercises/attempt-list.tsx';
import { RedriveButton } from '../teaching/redrive-button.tsx';

/** Those among all that wait for a person; the list of the API knows no reasons. */
async function ungraded(signal: AbortSignal): Promise<Page<SubmissionSummary>> {
  const waiting = await everyPage<SubmissionSummary>(
    (page) =>
      api.submissions.listSubmissions({ query: { status: 'manual_review', limit: 100, ...page }, signal }),
    1000,
  );
  const items = waiting.filter(({ review_reason }) => review_reason === 'grader_failed');
  const all = { total: items.length, page: 1, per_page: Math.max(1, items.length) };
  return { items, ...all, has_next: false, has_prev: false, next_cursor: null };
}

/** Submissions that the platform could not grade, each with a way to grade it once more. */
export function FailedSubmissions() {
  const list = useList('failed.submissions', (_, signal) => ungraded(signal));
  return (
    <section>
      <div class="section-head">
        <h2>{t('failed.submissions')}</h2>
      </div>
      <ListCard
        list={list}
        empty={<Empty icon="check" title={t('failed.noSubmissions')} text={t('failed.noSubmissionsText')} />}
      >
        {(items) => (
          <Table
            label={t('failed.submissions')}
            items={items}
            keyOf={({ submission_id }) => submission_id}
            columns={[
              {
                label: t('library.exercise'),
                role: 'lead',
                cell: ({ submission_id, exercise_title, student_name }) => (
                  <span class="cell-main">
                    <span>
                      <a class="row-link" href={`/submissions/${submission_id}`}>
                        {exercise_title}
                      </a>
                      <small>{student_name}</small>
                    </span>
                  </span>
                ),
              },
              {
                label: t('attempt.handedIn'),
                role: 'end',
                cell: ({ submission_time }) => <Ago at={submission_time} />,
              },
              {
                label: t('table.actions'),
                role: 'actions',
                cell: (submission) => (
                  <RedriveButton
                    submission={submission}
                    onRedriven={({ submission_id }) =>
                      list.change((all) => all.filter((one) => one.submission_id !== submission_id))
                    }
                  />
                ),
              },
            ]}
          />
        )}
      </ListCard>
    </section>
  );
}
