import { useSignal } from '@preact/signals';
import { trainingContract, trainingStatus } from '#shared/contracts/training.ts';
import { api } from '../../app/api.ts';
import { place, setQuery } from '../../app/location.ts';
import { may, user } from '../../app/session.ts';
import { useList } from '../../data/list.ts';
import { t } from '../../i18n/index.ts';
import '../../i18n/studio.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { hasSweepRuns, SweepRunsToo, single } from './sweeps/sweep-runs.tsx';
import { TrainingTable } from './training-table.tsx';

export function Trainings() {
  const chosen = useSignal<readonly string[]>([]);
  const status = trainingStatus.safeParse(place.value.query.get('status')).data;
  const filter = { ...(status && { status }), ...(!hasSweepRuns() && single) };
  const list = useList(`trainings.${JSON.stringify(filter)}`, (page, signal) =>
    api.training.list({ query: { ...filter, ...page }, signal }),
  );
  const showOwner = list.items?.some(({ owner_id }) => owner_id !== user.value?.user_id) ?? false;
  return (
    <>
      <PageHead title={t('nav.trainings')} lead={t('trainings.lead')}>
        <LinkButton href="/trainings/leaderboards/CartPole-v1" icon="flag">
          {t('leaders.title')}
        </LinkButton>
        <LinkButton href="/trainings/sweeps" icon="search">
          {t('sweeps.title')}
        </LinkButton>
        <LinkButton href="/trainings/new" kind="primary" icon="plus">
          {t('training.new')}
        </LinkButton>
      </PageHead>
      <div class="toolbar">
        <Select label={t('trainings.filter')} value={status ?? ''} onChange={(to) => setQuery('status', to)}>
          <option value="">{t('trainings.all')}</option>
          {trainingStatus.options.map((option) => (
            <option key={option} value={option}>
              {t(`status.${option}`)}
            </option>
          ))}
        </Select>
        <SweepRunsToo />
        {chosen.value.length > 1 && (
          <LinkButton href={`/trainings/compare?ids=${chosen.value.join(',')}`} icon="training">
            {t('compare.action', { n: chosen.value.length })}
          </LinkButton>
        )}
      </div>
      <ListCard
        list={list}
        empty={
          status ? (
            <Empty icon="search" title={t('trainings.noneSo')} text={t('trainings.noneSoText')} />
          ) : (
            <Empty icon="training" title={t('trainings.empty')} text={t('trainings.emptyText')}>
              {may(trainingContract.start) && (
                <LinkButton href="/trainings/new" kind="primary" icon="play">
                  {t('training.start')}
                </LinkButton>
              )}
            </Empty>
          )
        }
      >
        {(items) => (
          <TrainingTable label={t('nav.trainings')} trainings={items} showOwner={showOwner} chosen={chosen} />
        )}
      </ListCard>
    </>
  );
}
