import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { api } from '../../app/api.ts';
import { may } from '../../app/session.ts';
import { everyPage, type List, useList } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { counted, t } from '../../i18n/index.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ListCard } from '../../ui/list.tsx';
import type { SchoolClassView } from '../classes/words.ts';
import { type Session, wantsAttention } from '../trainings/status.ts';
import { single } from '../trainings/sweeps/sweep-runs.tsx';
import { TrainingLinks } from '../trainings/training-links.tsx';
import { DueNow, ReviewsWaiting } from './needed-work.tsx';

type Classes = readonly SchoolClassView[];

/** Answers who needs a teacher now: whose work waits for them, what is due, what runs and what failed. */
export function TeacherHome() {
  const classes = useList('teacher.classes', (page, signal) =>
    api.school.listClasses({ query: { limit: 50, ...page }, signal }),
  );
  return (
    <div class="columns">
      <div class="stack-l">
        {classes.items ? <ReviewsWaiting classes={classes.items} /> : <Skeleton lines={3} height={48} />}
        <DueNow />
        <section>
          <div class="section-head">
            <h2>{t('teacher.trainings')}</h2>
          </div>
          {classes.items ? <Attention classes={classes.items} /> : <Skeleton lines={3} height={48} />}
        </section>
      </div>
      <ClassLinks classes={classes} />
    </div>
  );
}

function Attention({ classes }: { classes: Classes }) {
  const { data, error, reload } = useResource(
    `attention.${classes.map((c) => c.class_id).join()}`,
    (signal) => attention(classes, signal),
  );
  return (
    <div class="card">
      {error !== undefined && (
        <div class="card-body">
          <Failure error={error} retry={reload} />
        </div>
      )}
      {data === undefined && error === undefined && (
        <div class="card-body">
          <Skeleton lines={3} height={32} />
        </div>
      )}
      {data?.length === 0 && <Empty icon="check" title={t('teacher.quiet')} text={t('teacher.quietText')} />}
      {data !== undefined && data.length > 0 && <TrainingLinks trainings={data} showOwner />}
    </div>
  );
}

async function attention(classes: Classes, signal: AbortSignal): Promise<Session[]> {
  const lists = await Promise.all(
    classes.map(({ class_id }) =>
      everyPage((page) => api.training.list({ query: { ...single, class_id, ...page }, signal }), 50),
    ),
  );
  const unique = new Map(lists.flat().map((training) => [training.session_id, training]));
  return wantsAttention([...unique.values()]);
}

function ClassLinks({ classes }: { classes: List<SchoolClassView> }) {
  const createsClasses = may(schoolOperations.createClass);
  return (
    <section>
      <div class="section-head">
        <h2>{t('nav.classes')}</h2>
        <a href="/classes">{t('teacher.allClasses')}</a>
      </div>
      <ListCard
        list={classes}
        empty={
          <Empty
            icon="classes"
            title={t('classes.empty')}
            text={createsClasses ? t('classes.emptyText') : t('classes.emptyAssistant')}
          >
            {createsClasses && (
              <LinkButton href="/classes?new=1" kind="primary" icon="plus">
                {t('classes.create')}
              </LinkButton>
            )}
          </Empty>
        }
      >
        {(items) => (
          <ul class="list-links">
            {items.map(({ class_id, name, subject, student_count }) => (
              <li key={class_id}>
                <a class="list-link" href={`/classes/${class_id}`}>
                  <div class="grow">
                    <span class="title">{name}</span>
                    <span class="under">
                      {[subject, counted('students', student_count)].filter(Boolean).join(' · ')}
                    </span>
                  </div>
                  <Icon name="chevron" />
                </a>
              </li>
            ))}
          </ul>
        )}
      </ListCard>
    </section>
  );
}
