import { api, newKey } from '../../app/api.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Picker } from '../../ui/picker.tsx';
import type { RosterEntry } from './words.ts';

interface Props {
  readonly class_id: string;
  readonly enrolled: readonly RosterEntry[];
  readonly onEnrolled: () => void;
  readonly onClose: () => void;
}
/** Students that the school knows already, found by name. */
export const AddStudents = ({ class_id, enrolled, onEnrolled, onClose }: Props) => (
  <Dialog title={t('roster.addTitle')} onClose={onClose}>
    <Picker
      name="students"
      label={t('roster.find')}
      action={t('roster.enrol')}
      taken={t('roster.isIn')}
      isTaken={(id) => enrolled.some(({ student_id }) => student_id === id)}
      search={async (q, page, signal) => {
        const found = await api.school.listStudents({ query: { ...(q && { q }), ...page }, signal });
        return {
          ...found,
          items: found.items.map(({ student_id, name, grade }) => ({
            id: student_id,
            name,
            detail: grade ?? '',
          })),
        };
      }}
      onPick={async ({ id, name }) => {
        await api.school.enroll({ body: { student_id: id, class_id }, idempotency_key: newKey() });
        toast('good', t('roster.enrolled', { name }));
        onEnrolled();
      }}
    />
  </Dialog>
);
