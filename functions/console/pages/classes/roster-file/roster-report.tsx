import type { ComponentChildren } from 'preact';
import { t } from '../../../i18n/index.ts';
import { ReportCard, RowResult } from '../../../ui/import/report-card.tsx';
import { type RosterReport, type RosterRow, reasonOf } from './words.ts';

const looks = { created: 'good', enrolled: 'accent', already_enrolled: '', refused: 'bad' } as const;
const statuses = ['created', 'enrolled', 'already_enrolled', 'refused'] as const;

const statusText = (isForeseen: boolean, status: RosterRow['status']): string =>
  t(isForeseen ? `rosterFile.will.${status}` : `rosterFile.did.${status}`);

/** Each row of the file with what will happen to it, or did. */
export const RosterReportCard = ({
  report,
  children,
}: {
  report: RosterReport;
  children: ComponentChildren;
}) => (
  <ReportCard
    report={report}
    counts={statuses.map((status) => [statusText(report.dry_run, status), report[status]])}
    ignored_columns={report.dry_run ? report.ignored_columns : []}
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
        label: t('importing.result'),
        cell: ({ status, problem }) => (
          <RowResult look={looks[status]} text={statusText(report.dry_run, status)}>
            {problem && <small>{reasonOf(problem)}</small>}
          </RowResult>
        ),
      },
    ]}
  >
    {children}
  </ReportCard>
);
