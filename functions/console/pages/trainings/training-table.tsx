import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { number, t } from '../../i18n/index.ts';
import { type Column, Table } from '../../ui/table.tsx';
import { Ago, Progress } from '../../ui/words.tsx';
import { titleOf } from './environment-title.ts';
import { nameOf, reasonOf, type Session, type Status, share } from './status.ts';
import { StatusBadge } from './status-badge.tsx';

interface TrainingTableProps {
  readonly label: string;
  readonly trainings: readonly Session[];
  readonly showOwner: boolean;
  /** Those that are chosen, where some can be. */
  readonly chosen?: Signal<readonly string[]>;
  readonly actions?: (training: Session) => ComponentChildren;
}

export function TrainingTable({ label, trainings, showOwner, chosen, actions }: TrainingTableProps) {
  const columns: (Column<Session> | false)[] = [
    {
      label: t('training.name'),
      role: 'lead',
      cell: (training) => (
        <span class="cell-main">
          {chosen && <Choose training={training} chosen={chosen} />}
          <span>
            <a class="row-link" href={`/trainings/${training.session_id}`}>
              {nameOf(training)}
            </a>
            <small>{kindOf(training)}</small>
            {training.status === 'failed' && <small class="reason">{reasonOf(training)}</small>}
          </span>
        </span>
      ),
    },
    showOwner && { label: t('training.owner'), cell: ({ owner_name }) => owner_name },
    { label: t('training.status'), cell: ({ status }) => <StatusBadge status={status} /> },
    { label: t('training.progress'), cell: (training) => <ProgressCell training={training} /> },
    {
      label: t('training.best'),
      role: 'end',
      cell: ({ best_mean_reward }) => (best_mean_reward === null ? '–' : number(best_mean_reward, 1)),
    },
    { label: t('training.started'), role: 'end', cell: ({ created_at }) => <Ago at={created_at} /> },
    actions !== undefined && { label: t('table.actions'), role: 'actions', cell: actions },
  ];
  return (
    <Table
      label={label}
      columns={columns.filter((column) => column !== false)}
      items={trainings}
      keyOf={({ session_id }) => session_id}
    />
  );
}

const kindOf = ({ config: { algorithm, environment, seed } }: Session): string =>
  `${algorithm.toUpperCase()} · ${titleOf(environment)} · ${t('run.seed.label')} ${seed}`;

function Choose({ training, chosen }: { training: Session; chosen: Signal<readonly string[]> }) {
  const { session_id } = training;
  return (
    <input
      type="checkbox"
      class="choose"
      aria-label={t('compare.choose', { name: nameOf(training) })}
      checked={chosen.value.includes(session_id)}
      onChange={({ currentTarget }) => {
        const others = chosen.value.filter((id) => id !== session_id);
        chosen.value = currentTarget.checked ? [...others, session_id] : others;
      }}
    />
  );
}

const barOf: Partial<Record<Status, string>> = { completed: 'good', failed: 'bad' };

const ProgressCell = ({ training }: { training: Session }) => (
  <div class="progress-cell">
    <Progress
      value={share(training)}
      label={t('training.progressOf', { name: nameOf(training) })}
      kind={barOf[training.status] ?? ''}
    />
    <span class="small muted numbers">
      {t('training.steps', { step: training.progress.step, max: training.progress.max_steps })}
    </span>
  </div>
);
