import type { Sweep, SweepRun, SweepTrial } from '#shared/contracts/training-sweeps.ts';
import { number, t } from '../../../i18n/index.ts';
import { LinkButton } from '../../../ui/button.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { Progress } from '../../../ui/words.tsx';
import { isFinal } from '../status.ts';
import { StatusBadge } from '../status-badge.tsx';
import { settingsText } from './sweep-words.ts';

const reward = (value: number | null) => (value === null ? '–' : number(value, 1));

interface Place {
  readonly index: number;
  readonly trial: SweepTrial;
}

/** The best first; what has no result yet in the order in which it was made. */
const ranked = (trials: readonly SweepTrial[]): Place[] =>
  trials.map((trial, index) => ({ trial, index })).sort((a, b) => meanOf(b) - meanOf(a) || a.index - b.index);
const meanOf = ({ trial }: Place): number => trial.reward?.mean ?? -Number.MAX_VALUE;

/** What came of each choice of settings, over its seeds. */
export function TrialsTable({ sweep: { trials, best_trial } }: { sweep: Sweep }) {
  const columns: readonly Column<Place>[] = [
    {
      label: t('sweep.trial'),
      role: 'lead',
      cell: ({ trial, index }) => (
        <span class="cell-main">
          <strong class="numbers">{t('sweep.number', { n: index + 1 })}</strong>
          <span class="settings-text">{settingsText(trial)}</span>
          {index === best_trial && <span class="badge good">{t('sweep.best')}</span>}
        </span>
      ),
    },
    { label: t('sweep.mean'), role: 'end', cell: ({ trial }) => <MeanAndDeviation {...trial} /> },
    {
      label: t('sweep.runs'),
      role: 'end',
      cell: ({ trial: { runs, session_ids } }) =>
        t('sweep.ended', {
          ended: runs.filter(({ status }) => isFinal(status)).length,
          total: session_ids.length,
        }),
    },
    {
      label: t('table.actions'),
      role: 'actions',
      cell: ({ trial: { session_ids }, index }) => (
        <LinkButton href={`/trainings/compare?ids=${session_ids.join(',')}`} size="small" kind="quiet">
          {t('charts.title')}
          <span class="visually-hidden">{t('sweep.number', { n: index + 1 })}</span>
        </LinkButton>
      ),
    },
  ];
  return (
    <section>
      <h2 class="section-title">{t('sweep.trials.title')}</h2>
      <div class="card table-wrap">
        <Table
          label={t('sweep.trials.title')}
          columns={columns}
          items={ranked(trials)}
          keyOf={({ index }) => String(index)}
        />
      </div>
    </section>
  );
}

const MeanAndDeviation = ({ reward: found }: SweepTrial) => (
  <span>
    {reward(found?.mean ?? null)}
    {found?.sd != null && <small class="muted"> ± {number(found.sd, 1)}</small>}
  </span>
);

interface RunOf {
  readonly run: SweepRun;
  readonly index: number;
  readonly max_steps: number;
}

/** Every training of the sweep. */
export function RunsTable({ sweep: { trials, progress } }: { sweep: Sweep }) {
  const max_steps = progress.total > 0 ? progress.max_steps / progress.total : 0;
  const items = trials.flatMap(({ runs }, index) => runs.map((run): RunOf => ({ run, index, max_steps })));
  return (
    <section>
      <h2 class="section-title">{t('sweep.runs')}</h2>
      <div class="card table-wrap">
        <Table
          label={t('sweep.runs')}
          columns={runColumns()}
          items={items}
          keyOf={({ run }) => run.session_id}
        />
      </div>
    </section>
  );
}

const runName = ({ run, index }: RunOf) => t('sweep.run', { n: index + 1, seed: String(run.seed) });

const runColumns = (): readonly Column<RunOf>[] => [
  {
    label: t('training.name'),
    role: 'lead',
    cell: (one) => (
      <a class="row-link" href={`/trainings/${one.run.session_id}`}>
        {runName(one)}
      </a>
    ),
  },
  { label: t('training.status'), cell: ({ run }) => <StatusBadge status={run.status} /> },
  {
    label: t('training.progress'),
    cell: (one) => (
      <div class="progress-cell">
        <Progress
          value={one.max_steps > 0 ? one.run.step / one.max_steps : 0}
          label={t('training.progressOf', { name: runName(one) })}
          kind={one.run.status === 'completed' ? 'good' : one.run.status === 'failed' ? 'bad' : ''}
        />
      </div>
    ),
  },
  { label: t('training.best'), role: 'end', cell: ({ run }) => reward(run.best_mean_reward) },
  { label: t('compare.final'), role: 'end', cell: ({ run }) => reward(run.final_mean_reward) },
];
