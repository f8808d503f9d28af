import { api } from '../../app/api.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';
import { ClassFields, classBody, classValues } from './class-fields.tsx';
import type { SchoolClassView } from './words.ts';

interface Props {
  readonly of: SchoolClassView;
  readonly onClose: () => void;
  readonly onSaved: (saved: SchoolClassView) => void;
}
export function EditClass({ of, onClose, onSaved }: Props) {
  const form = useForm(classValues(of), {
    check: ({ name }) => ({ name: name.trim() === '' && t('form.nameMissing') }),
    submit: async (values) => {
      onSaved(await api.school.updateClass({ params: { class_id: of.class_id }, body: classBody(values) }));
      toast('good', t('action.saved'));
      onClose();
    },
  });
  return (
    <Dialog title={t('class.edit')} onClose={onClose}>
      <DialogForm form={form} action={t('action.save')} onClose={onClose}>
        <ClassFields form={form} />
      </DialogForm>
    </Dialog>
  );
}
