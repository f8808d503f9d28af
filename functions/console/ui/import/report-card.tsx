import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/index.ts';
import { Check } from '../check.tsx';
import { type Column, Table } from '../table.tsx';

interface ReportRow {
  readonly line: number;
  readonly problem: object | null;
}
interface ReportCardProps<Row extends ReportRow> {
  readonly report: { readonly dry_run: boolean; readonly refused: number; readonly rows: readonly Row[] };
  readonly counts: readonly (readonly [label: string, count: number])[];
  /** What a row is about and what becomes of it; its line follows. */
  readonly columns: readonly Column<Row>[];
  readonly ignored_columns?: readonly string[];
  readonly children: ComponentChildren;
}

/** Each row of a file with what will happen to it, or did, below the sums and what may be done now. */
export function ReportCard<Row extends ReportRow>(props: ReportCardProps<Row>) {
  const { report, counts, columns, ignored_columns = [], children } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const onlyProblems = useSignal(false);
  const title = t(report.dry_run ? 'importing.will' : 'importing.did');
  return (
    <section class="card table-wrap">
      <div class="card-head">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
      </div>
      <div class="card-body stack">
        <dl class="roster-counts">
          {counts.map(([label, count]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{count}</dd>
            </div>
          ))}
        </dl>
        {ignored_columns.length > 0 && (
          <p class="muted">{t('importing.ignored', { names: ignored_columns.join(', ') })}</p>
        )}
        {children}
        {report.refused > 0 && report.refused < report.rows.length && (
          <Check
            label={t('importing.onlyProblems')}
            checked={onlyProblems.value}
            onChange={(checked) => {
              onlyProblems.value = checked;
            }}
          />
        )}
      </div>
      <Table
        label={title}
        items={onlyProblems.value ? report.rows.filter(({ problem }) => problem !== null) : report.rows}
        keyOf={({ line }) => String(line)}
        columns={[...columns, { label: t('importing.line'), role: 'end', cell: ({ line }) => line }]}
      />
    </section>
  );
}

interface RowResultProps {
  readonly look: string;
  readonly text: string;
  /** Why the row is left out, in the server's words. */
  readonly problem?: { readonly field: string; readonly detail: string } | null;
  readonly children?: ComponentChildren;
}
export const RowResult = ({ look, text, problem, children }: RowResultProps) => (
  <span class="roster-result">
    <span class={`badge ${look}`}>{text}</span>
    {problem && (
      <small lang="en">
        {problem.field}: {problem.detail}
      </small>
    )}
    {children}
  </span>
);
