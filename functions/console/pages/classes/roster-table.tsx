import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { may } from '../../app/session.ts';
import { t } from '../../i18n/index.ts';
import { IconButton } from '../../ui/button.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago, Avatar } from '../../ui/words.tsx';
import type { RosterEntry } from './words.ts';

interface Props {
  readonly students: readonly RosterEntry[];
  readonly onRemove: (student: RosterEntry) => void;
  readonly onIssue: (student: RosterEntry) => void;
}
export const RosterTable = ({ students, onRemove, onIssue }: Props) => (
  <Table
    label={t('class.tab.students')}
    items={students}
    keyOf={({ student_id }) => student_id}
    columns={[
      {
        label: t('form.name'),
        role: 'lead',
        cell: ({ student_id, name }) => (
          <span class="cell-main">
            <Avatar name={name} small />
            <a class="row-link" href={`/students/${student_id}`}>
              {name}
            </a>
          </span>
        ),
      },
      { label: t('roster.signsInAs'), cell: ({ email, username }) => email ?? username ?? '–' },
      { label: t('class.grade'), cell: ({ grade }) => grade ?? '–' },
      { label: t('roster.since'), role: 'end', cell: ({ enrolled_at }) => <Ago at={enrolled_at} /> },
      {
        label: t('table.actions'),
        role: 'actions',
        cell: (student) => (
          <>
            {may(schoolOperations.resetUser) && (
              <IconButton
                icon="key"
                size="small"
                label={t('user.issueCodeFor', { name: student.name })}
                onClick={() => onIssue(student)}
              />
            )}
            {may(schoolOperations.unenroll) && (
              <IconButton
                icon="close"
                size="small"
                label={t('roster.removeOne', { name: student.name })}
                onClick={() => onRemove(student)}
              />
            )}
          </>
        ),
      },
    ]}
  />
);
