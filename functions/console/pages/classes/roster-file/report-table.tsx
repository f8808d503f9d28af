import { useSignal } from '@preact/signals';
import { t } from '../../../i18n/index.ts';
import { Check } from '../../../ui/check.tsx';
import { Table } from '../../../ui/table.tsx';
import { type RosterReport, type RosterRow, reasonOf } from './words.ts';

const look = { created: 'good', enrolled: 'accent', already_enrolled: '', refused: 'bad' } as const;

/** Each row of the file with what will happen to it, or did. */
export function ReportTable({ report }: { report: RosterReport }) {
  const onlyProblems = useSignal(false);
  const rows = onlyProblems.value ? report.rows.filter(({ problem }) => problem !== null) : report.rows;
  return (
    <>
      {report.refused > 0 && report.refused < report.rows.length && (
        <div class="card-body">
          <Check
            label={t('rosterFile.onlyProblems')}
            checked={onlyProblems.value}
            onChange={(checked) => {
              onlyProblems.value = checked;
            }}
          />
        </div>
      )}
      <Table
        label={t(report.dry_run ? 'rosterFile.step.preview' : 'rosterFile.step.done')}
        items={rows}
        keyOf={({ line }) => String(line)}
        columns={[
          {
            label: t('rosterFile.student'),
            role: 'lead',
            cell: ({ name, username, email }) => (
              <span class="cell-main">
                <span>
                  <strong>{name === '' ? '–' : name}</strong>
                  <small>{username ?? email ?? '–'}</small>
                </span>
              </span>
            ),
          },
          { label: t('class.name'), cell: ({ class_name }) => class_name ?? '–' },
          { label: t('class.grade'), cell: ({ grade }) => grade ?? '–' },
          {
            label: t('rosterFile.result'),
            cell: (row) => <Result row={row} isForeseen={report.dry_run} />,
          },
          { label: t('rosterFile.line'), role: 'end', cell: ({ line }) => line },
        ]}
      />
    </>
  );
}

const Result = ({ row: { status, problem }, isForeseen }: { row: RosterRow; isForeseen: boolean }) => (
  <span class="roster-result">
    <span class={`badge ${look[status]}`}>
      {t(isForeseen ? `rosterFile.will.${status}` : `rosterFile.did.${status}`)}
    </span>
    {problem && <small>{reasonOf(problem)}</small>}
  </span>
);

/** How many rows there are of each kind. */
export const ReportCounts = ({ report }: { report: RosterReport }) => (
  <dl class="roster-counts">
    {(['created', 'enrolled', 'already_enrolled', 'refused'] as const).map((status) => (
      <div key={status}>
        <dt>{t(report.dry_run ? `rosterFile.will.${status}` : `rosterFile.did.${status}`)}</dt>
        <dd>{report[status]}</dd>
      </div>
    ))}
  </dl>
);
