import { useSignal } from '@preact/signals';
import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { api } from '../../app/api.ts';
import { may } from '../../app/session.ts';
import { toast } from '../../app/toasts.ts';
import { useList } from '../../data/list.ts';
import { t } from '../../i18n/index.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago, Avatar } from '../../ui/words.tsx';
import { AddStaff } from './add-staff.tsx';
import type { SchoolClassView, StaffMember } from './words.ts';

type Open = 'add' | { readonly remove: StaffMember } | undefined;

export function ClassStaff({ of }: { of: SchoolClassView }) {
  const { class_id } = of;
  const open = useSignal<Open>(undefined);
  const list = useList(`class.${class_id}.staff`, (_, signal) =>
    api.school.listStaff({ params: { class_id }, signal }),
  );
  const close = () => {
    open.value = undefined;
  };
  return (
    <>
      {may(schoolOperations.putStaff) && (
        <div class="toolbar">
          <span class="grow" />
          <Button
            kind="primary"
            icon="plus"
            onClick={() => {
              open.value = 'add';
            }}
          >
            {t('staff.add')}
          </Button>
        </div>
      )}
      <ListCard
        list={list}
        empty={<Empty icon="people" title={t('staff.empty')} text={t('staff.emptyText')} />}
      >
        {(items) => (
          <StaffTable
            staff={items}
            of={of}
            onRemove={(remove) => {
              open.value = { remove };
            }}
          />
        )}
      </ListCard>
      {open.value === 'add' && (
        <AddStaff class_id={class_id} staff={list.items ?? []} onAdded={list.reload} onClose={close} />
      )}
      {typeof open.value === 'object' && (
        <RemoveStaff member={open.value.remove} onRemoved={list.reload} onClose={close} />
      )}
    </>
  );
}

interface StaffTableProps {
  readonly staff: readonly StaffMember[];
  readonly of: SchoolClassView;
  readonly onRemove: (member: StaffMember) => void;
}
const StaffTable = ({ staff, of, onRemove }: StaffTableProps) => (
  <Table
    label={t('class.tab.staff')}
    items={staff}
    keyOf={({ user_id }) => user_id}
    columns={[
      {
        label: t('form.name'),
        role: 'lead',
        cell: ({ name }) => (
          <span class="cell-main">
            <Avatar name={name} small />
            <span>{name}</span>
          </span>
        ),
      },
      {
        label: t('form.role'),
        cell: ({ user_id, role }) => (user_id === of.teacher_id ? t('staff.owner') : t(`role.${role}`)),
      },
      { label: t('staff.since'), role: 'end', cell: ({ added_at }) => <Ago at={added_at} /> },
      {
        label: t('table.actions'),
        role: 'actions',
        cell: (member) =>
          may(schoolOperations.removeStaff) &&
          member.user_id !== of.teacher_id && (
            <IconButton
              icon="close"
              size="small"
              label={t('roster.removeOne', { name: member.name })}
              onClick={() => onRemove(member)}
            />
          ),
      },
    ]}
  />
);

interface RemoveStaffProps {
  readonly member: StaffMember;
  readonly onRemoved: () => void;
  readonly onClose: () => void;
}
const RemoveStaff = ({ member: { class_id, user_id, name }, onRemoved, onClose }: RemoveStaffProps) => (
  <Confirm
    title={t('staff.removeTitle', { name })}
    text={t('staff.removeText')}
    action={t('roster.remove')}
    onClose={onClose}
    act={async () => {
      await api.school.removeStaff({ params: { class_id, user_id } });
      toast('good', t('roster.removed', { name }));
      onRemoved();
    }}
  />
);
