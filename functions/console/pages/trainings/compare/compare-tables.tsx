import { differences } from '#shared/domain/runs/differences.ts';
import { number, t } from '../../../i18n/index.ts';
import { ScrollRegion } from '../../../ui/scroll-region.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { StatusBadge } from '../status-badge.tsx';
import { settingText } from '../training-settings.tsx';
import { comparable, labelOf, type Run } from './comparison.ts';

const reward = (value: number | null) => (value === null ? '–' : number(value, 1));

/** What came of the runs. */
export function ResultsTable({ runs }: { runs: readonly Run[] }) {
  const columns: readonly Column<Run>[] = [
    {
      label: t('training.name'),
      role: 'lead',
      cell: (run) => (
        <span class="cell-main run-name">
          <span class={`swatch run-${runs.indexOf(run) % 8}`} />
          <a class="row-link" href={`/trainings/${run.session.session_id}`}>
            {labelOf(run, runs)}
          </a>
        </span>
      ),
    },
    { label: t('training.status'), cell: ({ session }) => <StatusBadge status={session.status} /> },
    { label: t('run.seed.label'), role: 'end', cell: ({ session }) => String(session.config.seed) },
    {
      label: t('training.stepsLabel'),
      role: 'end',
      cell: ({ session }) => number(session.progress.step),
    },
    { label: t('training.best'), role: 'end', cell: ({ session }) => reward(session.best_mean_reward) },
    { label: t('compare.final'), role: 'end', cell: ({ session }) => reward(session.final_mean_reward) },
  ];
  return (
    <div class="card table-wrap">
      <Table
        label={t('compare.results')}
        columns={columns}
        items={runs}
        keyOf={({ session }) => session.session_id}
      />
    </div>
  );
}

/** Only the settings that are not the same in all runs. */
export function DifferencesTable({ runs }: { runs: readonly Run[] }) {
  const found = differences(runs.map(({ session }) => comparable(session.config, true)));
  if (runs.length < 2) return null;
  return (
    <section class="card card-body">
      <h2 class="section-title">{t('compare.differences')}</h2>
      {found.length === 0 ? (
        <p class="muted">{t('compare.same')}</p>
      ) : (
        <ScrollRegion class="data-table" label={t('compare.differences')}>
          <table>
            <thead>
              <tr>
                <th scope="col" class="first">
                  {t('compare.setting')}
                </th>
                {runs.map((run) => (
                  <th key={run.session.session_id} scope="col">
                    {labelOf(run, runs)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.map(({ field, values }) => (
                <tr key={field}>
                  <th scope="row" class="mono first">
                    {field.replace(/^hyperparameters\./, '')}
                  </th>
                  {runs.map((run, index) => (
                    <td key={run.session.session_id}>{settingText(values[index])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </section>
  );
}
