import { api } from '../../app/api.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { counted, t } from '../../i18n/index.ts';
import { CardWait, Empty } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Ago, Avatar } from '../../ui/words.tsx';
import { AssignmentLinks } from '../assignments-student/assignment-links.tsx';
import type { SchoolClassView } from '../classes/words.ts';
import type { SubmissionSummary } from '../exercises/attempt-list.tsx';

const shown = 6;

/** Submissions that wait for a person, the oldest first: that student has waited longest. */
export function ReviewsWaiting({ classes }: { classes: readonly SchoolClassView[] }) {
  const ids = classes.map(({ class_id }) => class_id);
  const { data, error, reload } = useResource(`reviews.${ids.join()}`, async (signal) => {
    const lists = await Promise.all(
      ids.map((class_id) =>
        everyPage<SubmissionSummary>(
          (page) =>
            api.submissions.listSubmissions({
              query: { class_id, status: 'manual_review', limit: 50, ...page },
              signal,
            }),
          50,
        ),
      ),
    );
    return lists.flat().toSorted((a, b) => a.submission_time.localeCompare(b.submission_time));
  });
  return (
    <section>
      <div class="section-head">
        <h2>{t('teacher.reviews')}</h2>
        {data && data.length > 0 && (
          <span class="badge accent numbers">{counted('teacher.waiting', data.length)}</span>
        )}
      </div>
      <div class="card">
        <CardWait resource={{ data, error, reload }} lines={3} height={32} />
        {data?.length === 0 && (
          <Empty icon="check" title={t('teacher.noReviews')} text={t('teacher.noReviewsText')} />
        )}
        {data && data.length > 0 && <ReviewLinks submissions={data.slice(0, shown)} />}
      </div>
    </section>
  );
}

const ReviewLinks = ({ submissions }: { submissions: readonly SubmissionSummary[] }) => (
  <ul class="list-links">
    {submissions.map((one) => (
      <li key={one.submission_id}>
        <a class="list-link" href={`/submissions/${one.submission_id}`}>
          <Avatar name={one.student_name} small />
          <div class="grow">
            <span class="title">{one.student_name}</span>
            <span class="under">
              {one.exercise_title} · <Ago at={one.submission_time} />
            </span>
            {one.review_note !== null && <q class="asked">{one.review_note}</q>}
          </div>
          <Icon name="chevron" />
        </a>
      </li>
    ))}
  </ul>
);

const week_ms = 7 * 86_400_000;

/** What is due about now: a week ahead, and a week behind. */
export function DueNow() {
  const { data, error, reload } = useResource('teacher.due', (signal) =>
    everyPage((page) => api.assignments.listAssignments({ query: { limit: 100, ...page }, signal }), 300),
  );
  const near = (data ?? [])
    .filter(({ due_at }) => due_at !== null && Math.abs(Date.parse(due_at) - Date.now()) < week_ms)
    .slice(0, shown);
  return (
    <section>
      <div class="section-head">
        <h2>{t('teacher.due')}</h2>
        <a href="/exercises">{t('exercise.all')}</a>
      </div>
      <div class="card">
        <CardWait resource={{ data, error, reload }} lines={2} height={32} />
        {data && near.length === 0 && (
          <Empty icon="flag" title={t('teacher.noDue')} text={t('teacher.noDueText')} />
        )}
        {near.length > 0 && <AssignmentLinks assignments={near} />}
      </div>
    </section>
  );
}
