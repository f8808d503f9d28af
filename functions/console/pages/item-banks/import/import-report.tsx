import type { ComponentChildren } from 'preact';
import { csvRow } from '#shared/domain/csv/write.ts';
import { counted, t } from '../../../i18n/index.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { ApplyImport } from '../../../ui/import/apply-import.tsx';
import { ReportCard, RowResult } from '../../../ui/import/report-card.tsx';
import { saveFile } from '../../teaching/save-file.ts';
import type { ImportReport } from './import-items.tsx';

const looks = { created: 'good', updated: 'accent', unchanged: '', refused: 'bad' } as const;
const statuses = ['created', 'updated', 'unchanged', 'refused'] as const;

interface PreviewProps {
  readonly report: ImportReport;
  readonly onBack: () => void;
  readonly onApply: () => Promise<void>;
}

/** What will happen, row by row, before anything does. */
export function ImportPreview({ report, onBack, onApply }: PreviewProps) {
  const count = report.created + report.updated;
  return (
    <Card report={report}>
      <ApplyImport
        words={{
          nothing: t('importItems.nothing'),
          back: t('importItems.back'),
          apply: count > 0 ? counted('importItems.apply', count) : undefined,
        }}
        onBack={onBack}
        onApply={onApply}
      />
    </Card>
  );
}

interface DoneProps {
  readonly bank_id: string;
  readonly report: ImportReport;
  readonly onAgain: () => void;
}
/** What happened. */
export const ImportDone = ({ bank_id, report, onAgain }: DoneProps) => (
  <Card report={report}>
    <div class="row">
      <LinkButton href={`/item-banks/${bank_id}`} kind="primary">
        {t('importItems.toBank')}
      </LinkButton>
      <Button icon="download" onClick={() => saveReport(report)}>
        {t('importing.report')}
      </Button>
      <Button onClick={onAgain}>{t('importItems.again')}</Button>
    </div>
  </Card>
);

const head = ['line', 'external_id', 'item_id', 'title', 'status', 'field', 'problem'];
function saveReport({ rows }: ImportReport): void {
  const lines = rows.map(({ line, external_id, item_id, title, status, problem }) =>
    csvRow([line, external_id, item_id, title, status, problem?.field ?? null, problem?.detail ?? null]),
  );
  saveFile('import.csv', new Blob([`\uFEFF${csvRow(head)}${lines.join('')}`], { type: 'text/csv' }));
}

type Status = (typeof statuses)[number];
const statusText = (isForeseen: boolean, status: Status): string =>
  t(isForeseen ? `importItems.will.${status}` : `importItems.did.${status}`);

const Card = ({ report, children }: { report: ImportReport; children: ComponentChildren }) => (
  <ReportCard
    report={report}
    counts={statuses.map((status) => [statusText(report.dry_run, status), report[status]])}
    ignored_columns={report.ignored_columns}
    columns={[
      {
        label: t('items.item'),
        role: 'lead',
        cell: ({ title, external_id }) => (
          <span class="cell-main">
            <span>
              <strong>{title === '' ? '–' : title}</strong>
              {external_id !== null && <small>{external_id}</small>}
            </span>
          </span>
        ),
      },
      {
        label: t('importing.result'),
        cell: ({ status, problem }) => (
          <RowResult look={looks[status]} text={statusText(report.dry_run, status)} problem={problem} />
        ),
      },
    ]}
  >
    {children}
  </ReportCard>
);
