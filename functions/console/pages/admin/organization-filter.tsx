import { schoolContract } from '#shared/contracts/school.ts';
import { api } from '../../app/api.ts';
import { may } from '../../app/session.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Select } from '../../ui/select.tsx';

interface Props {
  readonly value: string;
  readonly onChange: (org_id: string) => void;
}
/** Only who runs the whole platform sees more than one organisation. */
export const OrganizationFilter = (props: Props) =>
  may(schoolContract.createOrganization) ? <OrganizationSelect {...props} /> : null;

function OrganizationSelect({ value, onChange }: Props) {
  const { data } = useResource('organizations.all', (signal) =>
    everyPage((page) => api.school.listOrganizations({ query: { limit: 100, ...page }, signal })),
  );
  if (!data || data.length < 2) return null;
  return (
    <Select label={t('users.filterOrganization')} value={value} onChange={onChange}>
      <option value="">{t('users.ownOrganization')}</option>
      {data.map(({ org_id, name }) => (
        <option key={org_id} value={org_id}>
          {name}
        </option>
      ))}
    </Select>
  );
}
