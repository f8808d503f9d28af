import { assignmentOperations } from '#shared/contracts/assignments.ts';
import { may } from '../../app/session.ts';
import { number, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago, Avatar } from '../../ui/words.tsx';
import { lookOf, type Progress, progressText } from './progress-words.ts';
import { dateText, useSchoolZone } from './school-time.ts';

interface ProgressTableProps {
  readonly items: readonly Progress[];
  readonly onExtend: (progress: Progress) => void;
}
/** Each student of the assignment with where they stand. */
export function ProgressTable({ items, onExtend }: ProgressTableProps) {
  const zone = useSchoolZone();
  return (
    <Table
      label={t('board.students')}
      items={items}
      keyOf={({ student_id }) => student_id}
      columns={[
        {
          label: t('form.name'),
          role: 'lead',
          cell: ({ student_id, student_name, last_submission_id }) => (
            <span class="cell-main">
              <Avatar name={student_name} small />
              <a
                class="row-link"
                href={
                  last_submission_id === null
                    ? `/students/${student_id}`
                    : `/submissions/${last_submission_id}`
                }
              >
                {student_name}
              </a>
            </span>
          ),
        },
        {
          label: t('board.standing'),
          cell: (progress) => (
            <span class="row standing">
              <span class={`badge ${lookOf(progress)}`}>{progressText(progress)}</span>
              {progress.late && <span class="badge warn">{t('attempt.late')}</span>}
            </span>
          ),
        },
        { label: t('board.attempts'), role: 'end', cell: ({ attempts }) => number(attempts) },
        {
          label: t('board.last'),
          role: 'end',
          cell: ({ last_at }) => last_at !== null && <Ago at={last_at} />,
        },
        {
          label: t('extension.title'),
          cell: ({ extension }) => extension && extensionText(extension, zone),
        },
        {
          label: t('table.actions'),
          role: 'actions',
          cell: (progress) =>
            may(assignmentOperations.putExtension) && (
              <Button size="small" kind="quiet" icon="clock" onClick={() => onExtend(progress)}>
                {t('extension.action')}
                <span class="visually-hidden"> {progress.student_name}</span>
              </Button>
            ),
        },
      ]}
    />
  );
}

const extensionText = (
  { due_at, extra_attempts }: NonNullable<Progress['extension']>,
  zone: string,
): string =>
  [
    due_at !== null && t('extension.until', { when: dateText(due_at, zone) }),
    extra_attempts > 0 && t('extension.extra', { n: extra_attempts }),
  ]
    .filter(Boolean)
    .join(' · ');
