import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { csvRow } from '#shared/domain/csv/write.ts';
import { useAct } from '../../../data/act.ts';
import { counted, t } from '../../../i18n/index.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { Check } from '../../../ui/check.tsx';
import { Failure, Note } from '../../../ui/feedback.tsx';
import { Table } from '../../../ui/table.tsx';
import { saveFile } from '../../teaching/save-file.ts';
import type { ImportReport } from './import-items.tsx';

type Row = ImportReport['rows'][number];
const looks = { created: 'good', updated: 'accent', unchanged: '', refused: 'bad' } as const;

interface PreviewProps {
  readonly report: ImportReport;
  readonly onBack: () => void;
  readonly onApply: () => Promise<void>;
}

/** What will happen, row by row, before anything does. */
export function ImportPreview({ report, onBack, onApply }: PreviewProps) {
  const { busy, failure, run } = useAct();
  const count = report.created + report.updated;
  return (
    <ReportCard report={report}>
      {count === 0 && (
        <Note kind="warn" icon="alert">
          {t('importItems.nothing')}
        </Note>
      )}
      {failure !== undefined && (
        <Note kind="warn" icon="alert">
          {t('importItems.stopped')}
        </Note>
      )}
      <Failure error={failure} />
      <div class="row">
        <Button onClick={onBack} disabled={busy !== undefined}>
          {t('importItems.back')}
        </Button>
        {count > 0 && (
          <Button kind="primary" busy={busy !== undefined} onClick={() => void run('apply', onApply)}>
            {failure === undefined ? counted('importItems.apply', count) : t('action.retry')}
          </Button>
        )}
      </div>
    </ReportCard>
  );
}

interface DoneProps {
  readonly bank_id: string;
  readonly report: ImportReport;
  readonly onAgain: () => void;
}
/** What happened. */
export const ImportDone = ({ bank_id, report, onAgain }: DoneProps) => (
  <ReportCard report={report}>
    <div class="row">
      <LinkButton href={`/item-banks/${bank_id}`} kind="primary">
        {t('importItems.toBank')}
      </LinkButton>
      <Button icon="download" onClick={() => saveReport(report)}>
        {t('importItems.report')}
      </Button>
      <Button onClick={onAgain}>{t('importItems.again')}</Button>
    </div>
  </ReportCard>
);

const head = ['line', 'external_id', 'item_id', 'title', 'status', 'field', 'problem'];
function saveReport({ rows }: ImportReport): void {
  const lines = rows.map(({ line, external_id, item_id, title, status, problem }) =>
    csvRow([line, external_id, item_id, title, status, problem?.field ?? null, problem?.detail ?? null]),
  );
  saveFile('import.csv', new Blob([`\uFEFF${csvRow(head)}${lines.join('')}`], { type: 'text/csv' }));
}

interface ReportCardProps {
  readonly report: ImportReport;
  readonly children: ComponentChildren;
}
function ReportCard({ report, children }: ReportCardProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const onlyProblems = useSignal(report.refused > 0);
  useEffect(() => heading.current?.focus(), []);
  const rows = onlyProblems.value ? report.rows.filter(({ problem }) => problem !== null) : report.rows;
  return (
    <section class="card table-wrap">
      <div class="card-head">
        <h2 ref={heading} tabIndex={-1}>
          {t(report.dry_run ? 'importItems.will' : 'importItems.did')}
        </h2>
      </div>
      <div class="card-body stack">
        <Counts report={report} />
        {report.ignored_columns.length > 0 && (
          <p class="muted">{t('rosterFile.ignored', { names: report.ignored_columns.join(', ') })}</p>
        )}
        {children}
        {report.refused > 0 && report.refused < report.rows.length && (
          <Check
            label={t('rosterFile.onlyProblems')}
            checked={onlyProblems.value}
            onChange={(checked) => {
              onlyProblems.value = checked;
            }}
          />
        )}
      </div>
      <Rows report={report} rows={rows} />
    </section>
  );
}

const Counts = ({ report }: { report: ImportReport }) => (
  <dl class="roster-counts">
    {(['created', 'updated', 'unchanged', 'refused'] as const).map((status) => (
      <div key={status}>
        <dt>{t(report.dry_run ? `importItems.will.${status}` : `importItems.did.${status}`)}</dt>
        <dd>{report[status]}</dd>
      </div>
    ))}
  </dl>
);

const Rows = ({ report, rows }: { report: ImportReport; rows: readonly Row[] }) => (
  <Table
    label={t(report.dry_run ? 'importItems.will' : 'importItems.did')}
    items={rows}
    keyOf={({ line }) => String(line)}
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
        label: t('importItems.result'),
        cell: ({ status, problem }) => (
          <span class="roster-result">
            <span class={`badge ${looks[status]}`}>
              {t(report.dry_run ? `importItems.will.${status}` : `importItems.did.${status}`)}
            </span>
            {problem && (
              <small lang="en">
                {problem.field}: {problem.detail}
              </small>
            )}
          </span>
        ),
      },
      { label: t('importItems.line'), role: 'end', cell: ({ line }) => line },
    ]}
  />
);
