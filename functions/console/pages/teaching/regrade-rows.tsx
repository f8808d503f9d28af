import { useSignal } from '@preact/signals';
import type { Regrade, RegradeRow } from '#shared/contracts/regrades.ts';
import { verdicts } from '#shared/domain/grading/types.ts';
import { api } from '../../app/api.ts';
import { useList } from '../../data/list.ts';
import { t } from '../../i18n/index.ts';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Table } from '../../ui/table.tsx';
import { gradeText } from '../exercises/words.ts';

const changes = ['all', 'rises', 'falls', 'same', 'failed'] as const;
type Change = (typeof changes)[number];
const looks = { rises: 'good', falls: 'bad', same: '', failed: 'warn' } as const;

/** Each submission with its grade before and after, and the tests that make the difference. */
export function RegradeRows({ regrade: { regrade_id } }: { regrade: Regrade }) {
  const shown = useSignal<Change>('all');
  const list = useList(`regrade.${regrade_id}.${shown.value}`, (page, signal) =>
    api.regrades.listRegradeRows({
      params: { regrade_id },
      query: { limit: 50, ...(shown.value !== 'all' && { change: shown.value }), ...page },
      signal,
    }),
  );
  return (
    <section>
      <div class="toolbar">
        <Segments
          label={t('regrade.filter')}
          value={shown.value}
          options={changes.map((value) => ({ value, label: t(`regrade.change.${value}`) }))}
          onChange={(value) => {
            shown.value = value;
          }}
        />
      </div>
      <ListCard
        list={list}
        empty={<Empty icon="check" title={t('regrade.noRows')} text={t('regrade.noRowsText')} />}
      >
        {(items) => (
          <Table
            label={t('regrade.rows')}
            items={items}
            keyOf={({ submission_id }) => submission_id}
            columns={[
              {
                label: t('form.name'),
                role: 'lead',
                cell: ({ submission_id, student_name }) => (
                  <a class="row-link" href={`/submissions/${submission_id}`}>
                    {student_name}
                  </a>
                ),
              },
              {
                label: t('regrade.grades'),
                cell: (row) => (
                  <span class="row numbers">
                    {grade(row.old_grade)} → <strong>{grade(row.new_grade)}</strong>
                    <span class={`badge ${looks[row.change]}`}>{t(`regrade.change.${row.change}`)}</span>
                  </span>
                ),
              },
              { label: t('regrade.why'), cell: (row) => row.tests.length > 0 && <Tests row={row} /> },
              {
                label: t('regrade.state'),
                role: 'end',
                cell: ({ applied }) => applied && t('regrade.status.applied'),
              },
            ]}
          />
        )}
      </ListCard>
    </section>
  );
}

const grade = (value: number | null): string => (value === null ? '–' : gradeText(value));

const verdictText = (status: string | null): string => {
  const known = verdicts.find((verdict) => verdict === status);
  return known === undefined ? '–' : t(`verdict.test.${known}`);
};

const Tests = ({ row: { tests } }: { row: RegradeRow }) => (
  <ul class="changed-tests">
    {tests.map(({ name, before, after }) => (
      <li key={name}>
        <strong>{name}</strong>: {verdictText(before)} → {verdictText(after)}
      </li>
    ))}
  </ul>
);
