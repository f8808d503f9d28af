import { useSignal } from '@preact/signals';
import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { api } from '../../app/api.ts';
import { may } from '../../app/session.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Picker } from '../../ui/picker.tsx';
import { Segments } from '../../ui/segments.tsx';
import type { StaffMember } from './words.ts';

interface Props {
  readonly class_id: string;
  readonly staff: readonly StaffMember[];
  readonly onAdded: () => void;
  readonly onClose: () => void;
}
type StaffRole = StaffMember['role'];

/** Administrators find anybody by role; teachers see the teachers of the organisation. */
async function findStaff(
  role: StaffRole,
  q: string | undefined,
  page: { limit?: number; cursor?: string },
  signal: AbortSignal,
) {
  const query = { ...(q && { q }), ...page };
  if (may(schoolOperations.listUsers)) {
    const found = await api.school.listUsers({ query: { role, ...query }, signal });
    const items = found.items.map(({ user_id, name, email, username }) => ({
      id: user_id,
      name,
      detail: email ?? username ?? '',
    }));
    return { ...found, items };
  }
  const found = await api.school.listTeachers({ query, signal });
  const items = found.items.map(({ user_id, name, subject }) => ({
    id: user_id,
    name,
    detail: subject ?? '',
  }));
  return { ...found, items };
}

export function AddStaff({ class_id, staff, onAdded, onClose }: Props) {
  const role = useSignal<StaffRole>('teacher');
  return (
    <Dialog title={t('staff.add')} onClose={onClose}>
      <div>
        <Segments
          label={t('form.role')}
          value={role.value}
          onChange={(chosen) => {
            role.value = chosen;
          }}
          options={[
            { value: 'teacher', label: t('role.teacher') },
            { value: 'assistant', label: t('role.assistant') },
          ]}
        />
      </div>
      <Picker
        key={role.value}
        name={`staff.${role.value}`}
        label={t('staff.find')}
        action={t('action.add')}
        taken={t('staff.isIn')}
        isTaken={(id) => staff.some(({ user_id }) => user_id === id)}
        search={(q, page, signal) => findStaff(role.value, q, page, signal)}
        onPick={async ({ id, name }) => {
          await api.school.putStaff({ params: { class_id, user_id: id }, body: { role: role.value } });
          toast('good', t('staff.added', { name }));
          onAdded();
        }}
      />
    </Dialog>
  );
}
