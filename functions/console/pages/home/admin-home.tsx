import { api } from '../../app/api.ts';
import { user } from '../../app/session.ts';
import { useList } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { number, t } from '../../i18n/index.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { TrainingLinks } from '../trainings/training-links.tsx';

/** Answers whether anything is wrong: the organisation in numbers, what runs, what failed. */
export function AdminHome() {
  const running = useList('admin.running', (page, signal) =>
    api.training.list({ query: { status: 'running', ...page }, signal }),
  );
  return (
    <div class="stack-l">
      <Numbers />
      <div class="columns">
        <section>
          <div class="section-head">
            <h2>{t('admin.running')}</h2>
            <a href="/trainings">{t('home.allTrainings')}</a>
          </div>
          <ListCard
            list={running}
            empty={
              <Empty icon="training" title={t('admin.nothingRuns')} text={t('admin.nothingRunsText')}>
                <LinkButton href="/trainings/new" icon="play">
                  {t('training.start')}
                </LinkButton>
              </Empty>
            }
          >
            {(items) => <TrainingLinks trainings={items} showOwner />}
          </ListCard>
        </section>
        <section>
          <div class="section-head">
            <h2>{t('admin.shortcuts')}</h2>
          </div>
          <div class="card card-body stack">
            <LinkButton href="/users?new=1" icon="plus" wide>
              {t('users.create')}
            </LinkButton>
            <LinkButton href="/classes?new=1" icon="plus" wide>
              {t('classes.create')}
            </LinkButton>
            <p class="small muted">{t('admin.shortcutsText')}</p>
          </div>
        </section>
      </div>
    </div>
  );
}

function Numbers() {
  const org_id = user.value?.org_id ?? '';
  const { data, error, reload } = useResource(`admin.numbers.${org_id}`, async (signal) => {
    const [organization, classes, failed, reviews] = await Promise.all([
      api.school.getOrganization({ params: { org_id }, signal }),
      api.school.listClasses({ query: { limit: 100 }, signal }),
      api.training.list({ query: { status: 'failed', limit: 100 }, signal }),
      api.submissions.listSubmissions({ query: { status: 'manual_review', limit: 100 }, signal }),
    ]);
    const ungraded = reviews.items.filter(({ review_reason }) => review_reason === 'grader_failed');
    return { organization, classes, failed, ungraded: { ...reviews, items: ungraded } };
  });
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={1} height={82} />;
  const { organization, classes, failed, ungraded } = data;
  return (
    <dl class="figures">
      <Figure
        label={t('admin.members', { name: organization.name })}
        value={number(organization.member_count)}
      />
      <Figure label={t('nav.classes')} value={atLeast(classes)} />
      <Figure
        label={t('nav.failed')}
        value={atLeast(failed)}
        {...(failed.items.length > 0 && { href: '/failed' })}
      />
      <Figure
        label={t('failed.submissions')}
        value={atLeast(ungraded)}
        {...(ungraded.items.length > 0 && { href: '/failed' })}
      />
    </dl>
  );
}

const atLeast = (page: { items: unknown[]; total: number | null; has_next: boolean }): string =>
  `${number(page.total ?? page.items.length)}${page.total === null && page.has_next ? '+' : ''}`;

const Figure = ({ label, value, href }: { label: string; value: string; href?: string }) => (
  <div class="card figure-card">
    <dt>{label}</dt>
    <dd>{href === undefined ? value : <a href={href}>{value}</a>}</dd>
  </div>
);
