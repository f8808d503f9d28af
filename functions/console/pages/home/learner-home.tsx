import { api } from '../../app/api.ts';
import { useList } from '../../data/list.ts';
import { counted, t } from '../../i18n/index.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { Progress } from '../../ui/words.tsx';
import { CartPole } from '../trainings/cart-pole.tsx';
import { activeFirst, nameOf, share } from '../trainings/status.ts';
import { TrainingLinks } from '../trainings/training-links.tsx';
import { JoinClass } from './join-class.tsx';

/** One thing to do: go on with what runs, or start something. */
export function LearnerHome() {
  const trainings = useList('home.trainings', (page, signal) =>
    api.training.list({ query: { limit: 5, ...page }, signal }),
  );
  const classes = useList('home.classes', (page, signal) => api.school.listClasses({ query: page, signal }));
  const [current] = activeFirst(trainings.items ?? []);
  return (
    <div class="stack-l">
      <section class="card task-card">
        {current ? (
          <div class="stack">
            <h2>{t('home.running')}</h2>
            <p>{t('home.runningText')}</p>
            <Progress value={share(current)} label={t('training.progressOf', { name: nameOf(current) })} />
            <div class="row">
              <LinkButton
                href={`/trainings/${current.session_id}`}
                kind="primary"
                size="large"
                icon="training"
              >
                {t('home.watch')}
              </LinkButton>
              <LinkButton href="/trainings/new" kind="quiet" size="large">
                {t('home.startAnother')}
              </LinkButton>
            </div>
          </div>
        ) : (
          <div class="stack">
            <h2>{t('home.teach')}</h2>
            <p>{t('home.teachText')}</p>
            <div class="row">
              <LinkButton href="/trainings/new" kind="primary" size="large" icon="play">
                {t('training.start')}
              </LinkButton>
            </div>
          </div>
        )}
        <CartPole state={current ? [0.3, 0, 0.06] : [-0.4, 0, 0.55]} action={current ? 1 : null} />
      </section>
      <div class="columns">
        <section>
          <div class="section-head">
            <h2>{t('home.recent')}</h2>
            <a href="/trainings">{t('home.allTrainings')}</a>
          </div>
          <ListCard
            list={{ ...trainings, hasMore: false }}
            empty={<Empty icon="training" title={t('trainings.empty')} text={t('trainings.emptyText')} />}
          >
            {(items) => <TrainingLinks trainings={items} />}
          </ListCard>
        </section>
        <section>
          <div class="section-head">
            <h2>{t('home.myClasses')}</h2>
          </div>
          <ListCard
            list={classes}
            empty={<Empty icon="classes" title={t('home.noClass')} text={t('home.noClassText')} />}
          >
            {(items) => (
              <ul class="list-links">
                {items.map(({ class_id, name, subject, student_count }) => (
                  <li key={class_id}>
                    <div class="list-link">
                      <div>
                        <span class="title">{name}</span>
                        <span class="under">
                          {[subject, counted('students', student_count)].filter(Boolean).join(' · ')}
                        </span>
                      </div>
                    </div>
                  </li>
                ))}
              </ul>
            )}
          </ListCard>
          <JoinClass onJoined={classes.reload} />
        </section>
      </div>
    </div>
  );
}
