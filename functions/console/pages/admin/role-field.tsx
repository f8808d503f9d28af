import { type Role, roles } from '#shared/contracts/operation.ts';
import { user } from '../../app/session.ts';
import { t } from '../../i18n/index.ts';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';

interface Props {
  readonly value: string;
  readonly problem: string | undefined;
  readonly onChange: (role: string) => void;
}
/** Nobody gives a role above their own: the roles stand in the order of their power. */
const rolesUpTo = (own: Role): readonly Role[] => roles.slice(0, roles.indexOf(own) + 1);

export const RoleField = ({ value, problem, onChange }: Props) => (
  <Field label={t('form.role')} problem={problem}>
    {(control) => (
      <Select {...control} name="role" value={value} onChange={onChange}>
        {rolesUpTo(user.value?.role ?? 'student').map((name) => (
          <option key={name} value={name}>
            {t(`role.${name}`)}
          </option>
        ))}
      </Select>
    )}
  </Field>
);
