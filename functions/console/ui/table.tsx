import type { ComponentChildren } from 'preact';

export interface Column<T> {
  readonly label: string;
  readonly cell: (item: T) => ComponentChildren;
  /** `lead` names the row, `end` is a number, `actions` are buttons. */
  readonly role?: 'lead' | 'end' | 'actions';
}
interface TableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
}
const headClass = { lead: '', end: 'end', actions: 'actions' } as const;
const cellClass = { lead: 'lead-cell', end: 'end', actions: 'actions' } as const;

/** Some browsers forget what a table is when its rows become cards; these roles remind them. */
const as = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  columnheader: { role: 'columnheader' },
  cell: { role: 'cell' },
} as const;

/** A table on a wide screen, a card for each row on a narrow one. */
export const Table = <T,>({ label, columns, items, keyOf }: TableProps<T>) => (
  <table class="table" {...as.table} aria-label={label}>
    <thead {...as.rowgroup}>
      <tr {...as.row}>
        {columns.map(({ label, role }) => (
          <th key={label} {...as.columnheader} scope="col" class={role && headClass[role]}>
            {role === 'actions' ? <span class="visually-hidden">{label}</span> : label}
          </th>
        ))}
      </tr>
    </thead>
    <tbody {...as.rowgroup}>
      {items.map((item) => (
        <tr {...as.row} key={keyOf(item)}>
          {columns.map(({ label, cell, role }) => (
            <td key={label} {...as.cell} data-label={label} class={role && cellClass[role]}>
              {role === 'actions' ? <div>{cell(item)}</div> : cell(item)}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
);
