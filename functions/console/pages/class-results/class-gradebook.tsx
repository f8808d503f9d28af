import { useSignal } from '@preact/signals';
import type { Gradebook } from '#shared/contracts/gradebook.ts';
import { testing } from '../../app/testing-api.ts';
import { useAct } from '../../data/act.ts';
import { useResource } from '../../data/resource.ts';
import { counted, number, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Check } from '../../ui/check.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { Select } from '../../ui/select.tsx';
import { saveFile } from '../teaching/save-file.ts';
import { dateText } from '../teaching/school-time.ts';
import { examTitle } from './words.ts';

type Column = Gradebook['columns'][number];
type Row = Gradebook['rows'][number];
type Cell = Row['cells'][number];
type Kind = Column['kind'];
const kinds: readonly Kind[] = ['assignment', 'quiz', 'exam'];

/** Every grade of the class: students down, what was given across. */
export function ClassGradebook({ class_id }: { class_id: string }) {
  const kind = useSignal<Kind | ''>('');
  const onlyMissing = useSignal(false);
  const asked = { params: { class_id }, query: kind.value === '' ? {} : { kind: kind.value } };
  const { data, error, reload } = useResource(`gradebook.${class_id}.${kind.value}`, (signal) =>
    testing.gradebook.gradebook({ ...asked, signal }),
  );
  return (
    <div>
      <div class="toolbar">
        <Select
          label={t('gradebook.kind')}
          value={kind.value}
          onChange={(value) => {
            kind.value = kinds.find((one) => one === value) ?? '';
          }}
        >
          <option value="">{t('gradebook.kind.all')}</option>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {t(`gradebook.kind.${one}`)}
            </option>
          ))}
        </Select>
        <Check
          label={t('gradebook.onlyMissing')}
          checked={onlyMissing.value}
          onChange={(checked) => {
            onlyMissing.value = checked;
          }}
        />
        <span class="grow" />
        <Download class_id={class_id} kind={kind.value} />
      </div>
      <Failure error={error} retry={reload} />
      {!data && error === undefined && <Skeleton lines={6} height={40} />}
      {data && <Book book={data} onlyMissing={onlyMissing.value} />}
    </div>
  );
}

function Download({ class_id, kind }: { class_id: string; kind: Kind | '' }) {
  const { busy, failure, run } = useAct();
  const withIds = useSignal(false);
  const save = async () => {
    const query = {
      with_ids: withIds.value ? ('true' as const) : ('false' as const),
      ...(kind !== '' && { kind }),
    };
    const file = await testing.gradebook.gradebookFile({ params: { class_id }, query });
    saveFile(file.file_name, new Blob([file.content], { type: file.media_type }));
  };
  return (
    <>
      <Check
        label={t('gradebook.withIds')}
        checked={withIds.value}
        onChange={(checked) => {
          withIds.value = checked;
        }}
      />
      <Button icon="download" busy={busy !== undefined} onClick={() => void run('save', save)}>
        {t('gradebook.download')}
      </Button>
      <Failure error={failure} />
    </>
  );
}

function Book({ book, onlyMissing }: { book: Gradebook; onlyMissing: boolean }) {
  const rows = onlyMissing ? book.rows.filter(({ missing }) => missing > 0) : book.rows;
  if (book.columns.length === 0)
    return (
      <div class="card">
        <Empty icon="flag" title={t('gradebook.empty')} text={t('gradebook.emptyText')} />
      </div>
    );
  if (rows.length === 0)
    return (
      <div class="card">
        <Empty icon="check" title={t('board.nobody')} text={t('gradebook.nobodyMissing')} />
      </div>
    );
  return (
    <>
      <ScrollRegion class="card board-box" label={t('results.view.gradebook')}>
        <table class="board">
          <caption class="visually-hidden">{t('results.view.gradebook')}</caption>
          <thead>
            <tr>
              <th scope="col">{counted('students', rows.length)}</th>
              <th scope="col">
                {t('gradebook.average')}
                <small class="numbers">{book.average === null ? '–' : percentText(book.average)}</small>
              </th>
              {book.columns.map((column) => (
                <ColumnHead key={column.id} column={column} zone={book.time_zone} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <BookRow key={row.student_id} row={row} columns={book.columns} />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <p class="small muted table-note">{t('gradebook.note')}</p>
    </>
  );
}

const pathOf = ({ kind, id }: Column): string | undefined => {
  if (kind === 'assignment') return `/assignments/${id}`;
  if (kind === 'quiz') return `/quizzes/${id}`;
  return id.includes('-') ? `/exam-plans/${id}` : undefined;
};

function ColumnHead({ column, zone }: { column: Column; zone: string }) {
  const path = pathOf(column);
  const title = column.kind === 'exam' ? examTitle(column.title) : column.title;
  return (
    <th scope="col">
      {path === undefined ? title : <a href={path}>{title}</a>}
      <small>
        {t(`gradebook.one.${column.kind}`)}
        {column.due_at !== null && ` · ${dateText(column.due_at, zone)}`}
      </small>
      <small class="numbers">
        {column.average === null
          ? t('gradebook.noneGraded')
          : t('gradebook.columnAverage', { value: valueText(column, column.average), n: column.graded })}
      </small>
    </th>
  );
}

const BookRow = ({ row, columns }: { row: Row; columns: readonly Column[] }) => (
  <tr>
    <th scope="row">
      <a href={`/students/${row.student_id}`}>{row.name}</a>
    </th>
    <td>
      <span class="cell">
        <strong>{row.average === null ? '–' : percentText(row.average)}</strong>
        {row.missing > 0 && <small>{counted('gradebook.missing', row.missing)}</small>}
      </span>
    </td>
    {row.cells.map((cell, at) => {
      const column = columns[at];
      return <td key={column?.id}>{column && <BookCell cell={cell} column={column} />}</td>;
    })}
  </tr>
);

function BookCell({ cell, column }: { cell: Cell; column: Column }) {
  const { value, status, late } = cell;
  if (value === null && status === 'none') return <span class="cell faint">–</span>;
  return (
    <span class={`cell ${lookOf(cell, column)}`}>
      <strong>{value === null ? t(`gradebook.status.${status}`) : valueText(column, value)}</strong>
      {value !== null && status !== 'done' && <small>{t(`gradebook.status.${status}`)}</small>}
      {late && <span class="late-dot" title={t('attempt.late')} />}
      {late && <span class="visually-hidden">{t('attempt.late')}</span>}
    </span>
  );
}

/** Colours say what needs somebody; a test's score is no mark out of a hundred and has none. */
function lookOf({ value, status }: Cell, { scale }: Column): string {
  if (status === 'missing') return 'bad';
  if (status === 'waiting' || status === 'in_progress') return 'accent';
  if (value === null || scale === 'scaled') return '';
  if (value >= 80) return 'good';
  return value < 50 ? 'bad' : 'warn';
}

const percentText = (value: number): string => t('gradebook.percent', { value: number(value, 0) });
const valueText = ({ scale }: Column, value: number): string =>
  scale === 'percent' ? percentText(value) : number(value, 0);
