import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { api, newKey } from '../../app/api.ts';
import { may } from '../../app/session.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';
import { Picker } from '../../ui/picker.tsx';

interface Props {
  readonly student_id: string;
  readonly linked: readonly string[];
  readonly onLinked: () => void;
  readonly onClose: () => void;
}

/** Administrators find guardians by name; teachers are given the guardian's id by one. */
export const LinkGuardian = (props: Props) => (
  <Dialog title={t('guardians.linkTitle')} onClose={props.onClose}>
    {may(schoolOperations.listUsers) ? <ByName {...props} /> : <ById {...props} />}
  </Dialog>
);

async function link(student_id: string, guardian_id: string, idempotency_key: string): Promise<void> {
  const made = await api.school.linkGuardian({ body: { guardian_id, student_id }, idempotency_key });
  toast('good', t('guardians.linked', { name: made.guardian_name }));
}

const ByName = ({ student_id, linked, onLinked }: Props) => (
  <Picker
    name="guardians"
    label={t('guardians.find')}
    action={t('guardians.link')}
    taken={t('guardians.isLinked')}
    isTaken={(id) => linked.includes(id)}
    search={async (q, page, signal) => {
      const found = await api.school.listUsers({
        query: { role: 'guardian', ...(q && { q }), ...page },
        signal,
      });
      return {
        ...found,
        items: found.items.map(({ user_id, name, email, username }) => ({
          id: user_id,
          name,
          detail: email ?? username ?? '',
        })),
      };
    }}
    onPick={async ({ id }) => {
      await link(student_id, id, newKey());
      onLinked();
    }}
  />
);

function ById({ student_id, onLinked, onClose }: Props) {
  const form = useForm(
    { guardian_id: '' },
    {
      check: ({ guardian_id }) => ({ guardian_id: guardian_id.trim() === '' && t('guardians.idMissing') }),
      submit: async ({ guardian_id }, key) => {
        await link(student_id, guardian_id.trim(), key);
        onLinked();
        onClose();
      },
    },
  );
  return (
    <DialogForm form={form} action={t('guardians.link')} onClose={onClose}>
      <Field label={t('guardians.id')} hint={t('guardians.idHint')} problem={form.problems.guardian_id}>
        {(control) => (
          <input {...control} {...form.control('guardian_id')} class="control mono" autoComplete="off" />
        )}
      </Field>
    </DialogForm>
  );
}
