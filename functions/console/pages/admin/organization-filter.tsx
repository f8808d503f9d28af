import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { api } from '../../app/api.ts';
import { may } from '../../app/session.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';

interface Props {
  readonly value: string;
  readonly onChange: (org_id: string) => void;
}
/** Only who runs the whole platform sees more than one organisation. */
export const OrganizationFilter = (props: Props) =>
  may(schoolOperations.createOrganization) ? <OrganizationSelect {...props} /> : null;

/** The same choice in a form, where its label is seen. */
export const OrganizationField = (props: Props) =>
  may(schoolOperations.createOrganization) ? <OrganizationSelect {...props} labelled /> : null;

function OrganizationSelect({ value, onChange, labelled }: Props & { labelled?: boolean }) {
  const { data } = useResource('organizations.all', (signal) =>
    everyPage((page) => api.school.listOrganizations({ query: { limit: 100, ...page }, signal })),
  );
  if (!data || data.length < 2) return null;
  const options = [
    <option key="" value="">
      {t('users.ownOrganization')}
    </option>,
    ...data.map(({ org_id, name }) => (
      <option key={org_id} value={org_id}>
        {name}
      </option>
    )),
  ];
  const label = t('users.filterOrganization');
  if (labelled)
    return (
      <Field label={label}>
        {(control) => (
          <Select {...control} value={value} onChange={onChange}>
            {options}
          </Select>
        )}
      </Field>
    );
  return (
    <Select label={label} value={value} onChange={onChange}>
      {options}
    </Select>
  );
}
