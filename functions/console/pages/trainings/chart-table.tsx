import { useSignal } from '@preact/signals';
import { number, t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';

interface ChartTableProps {
  readonly title: string;
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
  readonly format: (value: number) => string;
}

/** Longer runs show every so-many-th point: nobody reads thousands of rows. */
const most_rows = 300;

/** The numbers behind a chart, newest first; made only when somebody opens it. */
export function ChartTable({ title, steps, values, format }: ChartTableProps) {
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
      {open.value && (
        <ScrollRegion class="data-table" label={t('chart.tableOf', { title })}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('chart.step')}</th>
                <th scope="col">{title}</th>
              </tr>
            </thead>
            <tbody>
              {rowsOf(steps.length).map((index) => {
                const value = values[index];
                return (
                  <tr key={index}>
                    <th scope="row">{number(steps[index] ?? 0)}</th>
                    <td>{typeof value === 'number' ? format(value) : '–'}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </details>
  );
}

function rowsOf(count: number): number[] {
  const stride = Math.max(1, Math.ceil(count / most_rows));
  const rows = [];
  for (let index = count - 1; index >= 0; index -= stride) rows.push(index);
  return rows;
}
