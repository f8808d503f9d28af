import { useSignal } from '@preact/signals';
import { number, t } from '../../../i18n/index.ts';
import { Icon } from '../../../ui/icon.tsx';
import { ScrollRegion } from '../../../ui/scroll-region.tsx';

/** A line of the chart as a column of numbers. */
export interface NumberColumn {
  readonly key: string;
  readonly label: string;
  readonly xs: readonly number[];
  readonly textAt: (step: number) => string;
}
interface ChartTableProps {
  readonly title: string;
  readonly columns: readonly NumberColumn[];
}

/** Longer runs show every so-many-th step: nobody reads thousands of rows. */
const most_rows = 200;

/** The numbers behind a chart, newest first; made only when somebody opens it. */
export function ChartTable({ title, columns }: ChartTableProps) {
  const open = useSignal(false);
  return (
    <details
      class="disclosure"
      onToggle={({ currentTarget }) => {
        open.value = currentTarget.open;
      }}
    >
      <summary>
        <Icon name="chevron" size={14} />
        {t('chart.table')}
        <span class="visually-hidden">{title}</span>
      </summary>
      {open.value && <Rows title={title} columns={columns} />}
    </details>
  );
}

const Rows = ({ title, columns }: ChartTableProps) => (
  <ScrollRegion class="data-table" label={t('chart.tableOf', { title })}>
    <table>
      <thead>
        <tr>
          <th scope="col">{t('chart.step')}</th>
          {columns.map(({ key, label }) => (
            <th key={key} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {stepsOf(columns).map((step) => (
          <tr key={step}>
            <th scope="row">{number(step)}</th>
            {columns.map(({ key, textAt }) => (
              <td key={key}>{textAt(step)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </ScrollRegion>
);

function stepsOf(columns: readonly NumberColumn[]): number[] {
  const all = [...new Set(columns.flatMap(({ xs }) => xs))].sort((a, b) => b - a);
  const stride = Math.max(1, Math.ceil(all.length / most_rows));
  return all.filter((_, index) => index % stride === 0);
}
