import { number, t } from '../../../i18n/index.ts';
import { Numbers } from '../../pictures/numbers.tsx';

/** A line of the chart as a column of numbers. */
export interface NumberColumn {
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
  return (
    <Numbers
      title={title}
      head={[t('chart.step'), ...columns.map(({ label }) => label)]}
      rows={() =>
        stepsOf(columns).map((step) => [number(step), ...columns.map(({ textAt }) => textAt(step))])
      }
    />
  );
}

function stepsOf(columns: readonly NumberColumn[]): number[] {
  const all = [...new Set(columns.flatMap(({ xs }) => xs))].sort((a, b) => b - a);
  const stride = Math.max(1, Math.ceil(all.length / most_rows));
  return all.filter((_, index) => index % stride === 0);
}
