import { useSignal } from '@preact/signals';
import type { BoardLine } from '#shared/contracts/training-policies.ts';
import { navigate, place } from '../../app/location.ts';
import { useResource } from '../../data/resource.ts';
import { number, t } from '../../i18n/index.ts';
import '../../i18n/studio.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/words.tsx';
import { EntryState } from './entry-state.tsx';
import { titleOf } from './environment-title.ts';
import { useEnvironments } from './environments.ts';
import { EpisodePlayer } from './episode-player.tsx';
import { policies } from './policies.ts';

/** The board of an environment; `?entry=<id>` follows an entry until it is verified. */
export function Leaderboard({ environment }: { environment: string }) {
  const { data: environments } = useEnvironments();
  const entry = place.value.query.get('entry');
  const env_kwargs = place.value.query.get('env_kwargs') ?? '{}';
  const watched = useSignal<BoardLine | undefined>(undefined);
  const { data, error, reload } = useResource(`board.${environment}.${env_kwargs}`, (signal) =>
    policies.leaderboard({ params: { environment }, query: { limit: 100, env_kwargs }, signal }),
  );
  return (
    <>
      <PageHead
        title={t('leaders.title')}
        lead={t('leaders.lead')}
        back={{ href: '/trainings', label: t('nav.trainings') }}
      />
      <div class="toolbar">
        <Select
          label={t('newTraining.environment')}
          value={environment}
          onChange={(id) => navigate(`/trainings/leaderboards/${id}`)}
        >
          {(environments ?? [{ id: environment, title: environment }]).map(({ id, title }) => (
            <option key={id} value={id}>
              {titleOf(id, title)}
            </option>
          ))}
        </Select>
        {data?.reward_threshold != null && (
          <span class="small muted">{t('newTraining.solvedAt', { goal: data.reward_threshold })}</span>
        )}
      </div>
      {entry !== null && (
        <EntryState key={entry} environment={environment} entry_id={entry} onVerified={reload} />
      )}
      <Failure error={error} retry={reload} />
      {!data && error === undefined && <Skeleton lines={5} height={40} />}
      {data && (
        <div class="card table-wrap">
          {data.items.length === 0 ? (
            <Empty icon="flag" title={t('leaders.empty')} text={t('leaders.emptyText')}>
              <LinkButton href="/trainings" kind="primary">
                {t('nav.trainings')}
              </LinkButton>
            </Empty>
          ) : (
            <Lines
              lines={data.items}
              onWatch={(line) => {
                watched.value = line;
              }}
            />
          )}
        </div>
      )}
      {watched.value && (
        <Episode
          environment={environment}
          entry_id={watched.value.entry_id}
          onClose={() => {
            watched.value = undefined;
          }}
        />
      )}
    </>
  );
}

function Lines({ lines, onWatch }: { lines: readonly BoardLine[]; onWatch: (line: BoardLine) => void }) {
  const nameIn = ({ own, name }: BoardLine) => (own ? t('leaders.you') : (name ?? t('leaders.somebody')));
  const columns: readonly Column<BoardLine>[] = [
    {
      label: t('leaders.rank'),
      role: 'lead',
      cell: (line) => (
        <span class="cell-main">
          <strong class="numbers">{number(line.rank)}</strong>
          <span>{nameIn(line)}</span>
          {line.own && <span class="badge accent">{t('leaders.own')}</span>}
        </span>
      ),
    },
    {
      label: t('leaders.mean'),
      role: 'end',
      cell: ({ mean_reward, ci95_low, ci95_high }) => (
        <span>
          {number(mean_reward, 1)}
          <small class="muted">
            {' '}
            {t('leaders.interval', { low: number(ci95_low, 1), high: number(ci95_high, 1) })}
          </small>
        </span>
      ),
    },
    { label: t('leaders.length'), role: 'end', cell: ({ mean_ep_length }) => number(mean_ep_length, 1) },
    { label: t('leaders.verified'), role: 'end', cell: ({ verified_at }) => <Ago at={verified_at} /> },
    {
      label: t('table.actions'),
      role: 'actions',
      cell: (line) => (
        <Button size="small" icon="play" onClick={() => onWatch(line)}>
          {t('leaders.watch')}
          <span class="visually-hidden">{nameIn(line)}</span>
        </Button>
      ),
    },
  ];
  return (
    <Table label={t('leaders.title')} columns={columns} items={lines} keyOf={({ entry_id }) => entry_id} />
  );
}

function Episode({
  environment,
  entry_id,
  onClose,
}: {
  environment: string;
  entry_id: string;
  onClose: () => void;
}) {
  const { data, error, reload } = useResource(`board.episode.${entry_id}`, (signal) =>
    policies.entryReplay({ params: { environment, entry_id }, query: {}, signal }),
  );
  return (
    <Dialog title={t('leaders.episode')} onClose={onClose}>
      <Failure error={error} retry={reload} />
      {!data && error === undefined && <Skeleton lines={1} height={160} />}
      {data && (
        <>
          <p class="muted">{t('leaders.median', { reward: number(data.reward, 1) })}</p>
          <EpisodePlayer {...data} />
        </>
      )}
    </Dialog>
  );
}
