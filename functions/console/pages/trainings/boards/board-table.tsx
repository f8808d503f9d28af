import type { BoardLine } from '#shared/contracts/training-policies.ts';
import { number, t } from '../../../i18n/index.ts';
import { Button } from '../../../ui/button.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { Ago } from '../../../ui/words.tsx';

interface Props {
  readonly lines: readonly BoardLine[];
  readonly onWatch: (line: BoardLine) => void;
}

/** Everybody's best, the highest mean first. */
export const BoardTable = ({ lines, onWatch }: Props) => (
  <Table
    label={t('leaders.title')}
    columns={[...columns(), watching(onWatch)]}
    items={lines}
    keyOf={({ entry_id }) => entry_id}
  />
);

const nameIn = ({ own, name }: BoardLine) => (own ? t('leaders.you') : (name ?? t('leaders.somebody')));

const columns = (): readonly Column<BoardLine>[] => [
  {
    label: t('leaders.rank'),
    role: 'lead',
    cell: (line) => (
      <span class="cell-main">
        <strong class="numbers">{number(line.rank)}</strong>
        <span>{nameIn(line)}</span>
        {line.own && <span class="badge accent">{t('leaders.own')}</span>}
        {line.source === 'upload' && <span class="badge">{t('leaders.uploaded')}</span>}
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
];

const watching = (onWatch: Props['onWatch']): Column<BoardLine> => ({
  label: t('table.actions'),
  role: 'actions',
  cell: (line) => (
    <Button size="small" icon="play" onClick={() => onWatch(line)}>
      {t('leaders.watch')}
      <span class="visually-hidden">{nameIn(line)}</span>
    </Button>
  ),
});
