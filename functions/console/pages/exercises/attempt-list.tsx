import type * as z from 'zod';
import type { submissionSummary } from '#shared/contracts/submissions.ts';
import type { List } from '../../data/list.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { Ago } from '../../ui/words.tsx';
import { AttemptBadge } from './attempt-badge.tsx';

export type SubmissionSummary = z.output<typeof submissionSummary>;

/** What was handed in so far, newest first. */
export function AttemptList({ list }: { list: List<SubmissionSummary> }) {
  const { items, error } = list;
  return (
    <>
      {error !== undefined && (
        <div class="card-body">
          <Failure error={error} retry={list.reload} />
        </div>
      )}
      {items === undefined && error === undefined && (
        <div class="card-body">
          <Skeleton lines={3} height={40} />
        </div>
      )}
      {items?.length === 0 && <Empty icon="flag" title={t('attempt.none')} text={t('attempt.noneText')} />}
      <ul class="list-links">
        {items?.map((attempt) => (
          <li key={attempt.submission_id}>
            <a class="list-link" href={`/submissions/${attempt.submission_id}`}>
              <div class="grow">
                <span class="title">{t('attempt.title', { n: attempt.attempt_number })}</span>
                <span class="under">
                  <Ago at={attempt.submission_time} />
                  {attempt.automated_tests_passed !== null &&
                    ` · ${t('verdict.passed', { passed: attempt.automated_tests_passed, all: attempt.total_tests })}`}
                </span>
              </div>
              <AttemptBadge attempt={attempt} />
            </a>
          </li>
        ))}
      </ul>
      {list.hasMore && (
        <div class="more">
          <Button kind="quiet" busy={list.loading} onClick={list.more}>
            {t('action.more')}
          </Button>
        </div>
      )}
    </>
  );
}
