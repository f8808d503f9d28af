import { useSignal } from '@preact/signals';
import { t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';

export interface NumbersProps {
  readonly title: string;
  readonly head: readonly string[];
  /** Asked for when somebody opens the table; the first cell names its row. */
  readonly rows: () => readonly (readonly string[])[];
}

/** The numbers behind a picture; made only when somebody opens it. */
export function Numbers({ title, head, rows }: NumbersProps) {
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
      {open.value && <Rows title={title} head={head} rows={rows} />}
    </details>
  );
}

const Rows = ({ title, head, rows }: NumbersProps) => (
  <ScrollRegion class="data-table" label={t('chart.tableOf', { title })}>
    <table>
      <thead>
        <tr>
          {head.map((label, at) => (
            <th key={`${at} ${label}`} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows().map(([name = '', ...cells], index) => (
          <tr key={`${index} ${name}`}>
            <th scope="row">{name}</th>
            {cells.map((cell, at) => (
              <td key={`${at} ${head[at + 1]}`}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </ScrollRegion>
);
