import { useSignal } from '@preact/signals';
import { number, t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { valueText } from './overlay-chart.tsx';
import type { Line } from './overlay-plot.ts';

/** Nobody reads thousands of rows. */
const most_rows = 100;

/** The numbers behind an overlay, a column for each line; made only when somebody opens it. */
export function OverlayTable({ title, lines }: { title: string; lines: readonly Line[] }) {
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
                {lines.map(({ key, label }) => (
                  <th key={key} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {stepsOf(lines).map((step) => (
                <tr key={step}>
                  <th scope="row">{number(step)}</th>
                  {lines.map((line) => (
                    <td key={line.key}>{step > (line.xs.at(-1) ?? 0) ? '–' : valueText(line, step)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </details>
  );
}

function stepsOf(lines: readonly Line[]): number[] {
  const all = [...new Set(lines.flatMap(({ xs }) => xs))].sort((a, b) => b - a);
  const stride = Math.max(1, Math.ceil(all.length / most_rows));
  return all.filter((_, index) => index % stride === 0);
}
