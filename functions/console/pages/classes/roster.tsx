import { useSignal } from '@preact/signals';
import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { api } from '../../app/api.ts';
import { may } from '../../app/session.ts';
import { toast } from '../../app/toasts.ts';
import { useList } from '../../data/list.ts';
import { t } from '../../i18n/index.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { IssueCode } from '../admin/issue-code.tsx';
import { AddStudents } from './add-students.tsx';
import { BulkEnrol } from './bulk-enrol.tsx';
import { NewStudent } from './new-student.tsx';
import { RosterTable } from './roster-table.tsx';
import type { RosterEntry, SchoolClassView } from './words.ts';

type Open =
  | 'add'
  | 'bulk'
  | 'new'
  | { readonly remove: RosterEntry }
  | { readonly issue: RosterEntry }
  | undefined;

/** The students of a class: who they are, and how they get in and out. */
export function Roster({ of, onChanged }: { of: SchoolClassView; onChanged: () => void }) {
  const { class_id } = of;
  const q = useSignal('');
  const open = useSignal<Open>(undefined);
  const list = useList(`class.${class_id}.students.${q.value}`, (page, signal) =>
    api.school.listClassStudents({
      params: { class_id },
      query: { ...(q.value !== '' && { q: q.value }), ...page },
      signal,
    }),
  );
  const changed = () => {
    list.reload();
    onChanged();
  };
  const close = () => {
    open.value = undefined;
  };
  const show = (what: Open) => () => {
    open.value = what;
  };
  return (
    <>
      <div class="toolbar">
        <SearchBox
          label={t('roster.search')}
          value=""
          onSearch={(words) => {
            q.value = words;
          }}
        />
        <span class="grow" />
        {may(schoolOperations.resetClass) && (
          <LinkButton kind="quiet" href={`/classes/${class_id}/cards`}>
            {t('roster.cards')}
          </LinkButton>
        )}
        {may(schoolOperations.importRoster) && (
          <LinkButton kind="quiet" href={`/classes/${class_id}/import`}>
            {t('roster.import')}
          </LinkButton>
        )}
        {may(schoolOperations.enrollBulk) && (
          <Button kind="quiet" onClick={show('bulk')}>
            {t('roster.bulk')}
          </Button>
        )}
        {may(schoolOperations.enroll) && <Button onClick={show('add')}>{t('roster.add')}</Button>}
        {may(schoolOperations.createUser) && (
          <Button kind="primary" icon="plus" onClick={show('new')}>
            {t('roster.new')}
          </Button>
        )}
      </div>
      <ListCard
        list={list}
        empty={
          q.value === '' ? (
            <Empty icon="people" title={t('roster.empty')} text={t('roster.emptyText')} />
          ) : (
            <Empty icon="search" title={t('search.none')} text={t('search.noneText')} />
          )
        }
      >
        {(items) => (
          <RosterTable
            students={items}
            onRemove={(remove) => show({ remove })()}
            onIssue={(issue) => show({ issue })()}
          />
        )}
      </ListCard>
      {open.value === 'add' && (
        <AddStudents class_id={class_id} enrolled={list.items ?? []} onEnrolled={changed} onClose={close} />
      )}
      {open.value === 'bulk' && <BulkEnrol class_id={class_id} onEnrolled={changed} onClose={close} />}
      {open.value === 'new' && <NewStudent of={of} onCreated={changed} onClose={close} />}
      {typeof open.value === 'object' && 'issue' in open.value && (
        <IssueCode of={{ ...open.value.issue, user_id: open.value.issue.student_id }} onClose={close} />
      )}
      {typeof open.value === 'object' && 'remove' in open.value && (
        <RemoveStudent student={open.value.remove} of={of} onRemoved={changed} onClose={close} />
      )}
    </>
  );
}

interface RemoveProps {
  readonly student: RosterEntry;
  readonly of: SchoolClassView;
  readonly onRemoved: () => void;
  readonly onClose: () => void;
}
const RemoveStudent = ({ student: { student_id, name }, of, onRemoved, onClose }: RemoveProps) => (
  <Confirm
    title={t('roster.removeTitle', { name })}
    text={t('roster.removeText', { name: of.name })}
    action={t('roster.remove')}
    onClose={onClose}
    act={async () => {
      await api.school.unenroll({ params: { student_id, class_id: of.class_id } });
      toast('good', t('roster.removed', { name }));
      onRemoved();
    }}
  />
);
