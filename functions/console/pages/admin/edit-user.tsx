import { role } from '#shared/contracts/operation.ts';
import type { User } from '#shared/contracts/users.ts';
import { api } from '../../app/api.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';
import { RoleField } from './role-field.tsx';

interface Props {
  readonly of: User;
  readonly onClose: () => void;
  readonly onSaved: (saved: User) => void;
}
const orNull = (value: string): string | null => (value.trim() === '' ? null : value.trim());

/** Sends only what was changed, so that two administrators do not undo each other. */
export function EditUser({ of, onClose, onSaved }: Props) {
  const before = {
    name: of.name,
    email: of.email ?? '',
    username: of.username ?? '',
    role: of.role,
    disabled: String(of.disabled),
  };
  const form = useForm<Record<keyof typeof before, string>>(before, {
    check: ({ name, email, username }) => ({
      name: name.trim() === '' && t('form.nameMissing'),
      email: email.trim() === '' && username.trim() === '' && t('form.signInNameMissing'),
    }),
    submit: async (values) => {
      const body = {
        ...(values.name !== before.name && { name: values.name.trim() }),
        ...(values.email !== before.email && { email: orNull(values.email) }),
        ...(values.username !== before.username && { username: orNull(values.username) }),
        ...(values.role !== before.role && { role: role.parse(values.role) }),
        ...(values.disabled !== before.disabled && { disabled: values.disabled === 'true' }),
      };
      onSaved(await api.school.updateUser({ params: { user_id: of.user_id }, body }));
      toast('good', t('action.saved'));
      onClose();
    },
  });
  return (
    <Dialog title={t('user.edit')} onClose={onClose}>
      <DialogForm form={form} action={t('action.save')} onClose={onClose}>
        <Field label={t('form.name')} problem={form.problems.name}>
          {(control) => <input {...control} {...form.control('name')} maxLength={200} autoComplete="off" />}
        </Field>
        <div class="two">
          <Field label={t('form.email')} problem={form.problems.email}>
            {(control) => <input {...control} {...form.control('email')} type="email" autoComplete="off" />}
          </Field>
          <Field label={t('form.username')} problem={form.problems.username}>
            {(control) => (
              <input {...control} {...form.control('username')} autoComplete="off" autoCapitalize="none" />
            )}
          </Field>
        </div>
        <RoleField
          value={form.values.role}
          problem={form.problems.role}
          onChange={(chosen) => form.set('role', chosen)}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={form.values.disabled === 'true'}
            onChange={({ currentTarget }) => form.set('disabled', String(currentTarget.checked))}
          />
          <span>
            {t('user.disable')}
            <span class="muted small"> {t('user.disableHint')}</span>
          </span>
        </label>
      </DialogForm>
    </Dialog>
  );
}
