import type { SweepState } from '#shared/contracts/training-sweeps.ts';
import { api } from '../../../app/api.ts';
import { useList } from '../../../data/list.ts';
import { t } from '../../../i18n/index.ts';
import '../../../i18n/studio.ts';
import { LinkButton } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/feedback.tsx';
import { ListCard } from '../../../ui/list.tsx';
import { PageHead } from '../../../ui/page.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { Ago, Progress } from '../../../ui/words.tsx';
import { StatusBadge } from '../status-badge.tsx';
import { shareOf, sweepName, taskOf } from './sweep-words.ts';

/** One's own searches over hyperparameters. */
export function Sweeps() {
  const list = useList('sweeps', (page, signal) =>
    api.training.listSweeps({ query: { limit: 10, ...page }, signal }),
  );
  return (
    <>
      <PageHead
        title={t('sweeps.title')}
        lead={t('sweeps.lead')}
        back={{ href: '/trainings', label: t('nav.trainings') }}
      >
        <LinkButton href="/trainings/sweeps/new" kind="primary" icon="plus">
          {t('sweep.new')}
        </LinkButton>
      </PageHead>
      <ListCard
        list={list}
        empty={
          <Empty icon="search" title={t('sweeps.empty')} text={t('sweeps.emptyText')}>
            <LinkButton href="/trainings/sweeps/new" kind="primary" icon="plus">
              {t('sweep.new')}
            </LinkButton>
          </Empty>
        }
      >
        {(items) => (
          <Table
            label={t('sweeps.title')}
            columns={columns()}
            items={items}
            keyOf={({ sweep_id }) => sweep_id}
          />
        )}
      </ListCard>
    </>
  );
}

const columns = (): readonly Column<SweepState>[] => [
  {
    label: t('training.name'),
    role: 'lead',
    cell: (sweep) => (
      <span class="cell-main">
        <span>
          <a class="row-link" href={`/trainings/sweeps/${sweep.sweep_id}`}>
            {sweepName(sweep)}
          </a>
          <small>
            {taskOf(sweep)} · {t(`sweep.method.${sweep.method}`)}
          </small>
        </span>
      </span>
    ),
  },
  { label: t('training.status'), cell: ({ status }) => <StatusBadge status={status} /> },
  {
    label: t('training.progress'),
    cell: (sweep) => (
      <div class="progress-cell">
        <Progress
          value={shareOf(sweep)}
          label={t('training.progressOf', { name: sweepName(sweep) })}
          kind={sweep.status === 'completed' ? 'good' : ''}
        />
        <span class="small muted numbers">
          {t('sweep.ended', { ended: sweep.progress.ended, total: sweep.progress.total })}
        </span>
      </div>
    ),
  },
  { label: t('training.started'), role: 'end', cell: ({ created_at }) => <Ago at={created_at} /> },
];
