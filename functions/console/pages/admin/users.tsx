import { useSignal } from '@preact/signals';
import { role, roles } from '#shared/contracts/operation.ts';
import type { User } from '#shared/contracts/users.ts';
import { api } from '../../app/api.ts';
import { place, setQuery } from '../../app/location.ts';
import { useList } from '../../data/list.ts';
import { t } from '../../i18n/index.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { PageHead } from '../../ui/page.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Select } from '../../ui/select.tsx';
import { EditUser } from './edit-user.tsx';
import { IssueCode } from './issue-code.tsx';
import { NewUser } from './new-user.tsx';
import { OrganizationFilter } from './organization-filter.tsx';
import { UserTable } from './user-table.tsx';

type Open = 'new' | { readonly edit: User } | { readonly issue: User } | undefined;

export function Users() {
  const { query } = place.value;
  const q = query.get('q') ?? '';
  const org_id = query.get('org') ?? '';
  const chosenRole = role.safeParse(query.get('role')).data;
  const open = useSignal<Open>(query.has('new') ? 'new' : undefined);
  const filter = {
    ...(q !== '' && { q }),
    ...(chosenRole && { role: chosenRole }),
    ...(org_id !== '' && { org_id }),
  };
  const list = useList(`users.${JSON.stringify(filter)}`, (page, signal) =>
    api.school.listUsers({ query: { ...filter, ...page }, signal }),
  );
  const show = (what: Open) => {
    open.value = what;
  };
  const close = () => show(undefined);
  const current = open.value;
  return (
    <>
      <PageHead title={t('nav.users')} lead={t('users.lead')}>
        <LinkButton href="/classes/import">{t('classes.import')}</LinkButton>
        <Button kind="primary" icon="plus" onClick={() => show('new')}>
          {t('users.create')}
        </Button>
      </PageHead>
      <div class="toolbar">
        <SearchBox label={t('users.search')} value={q} onSearch={(words) => setQuery('q', words)} />
        <RoleFilter value={chosenRole ?? ''} />
        <OrganizationFilter value={org_id} onChange={(id) => setQuery('org', id)} />
      </div>
      <ListCard
        list={list}
        empty={<Empty icon="search" title={t('search.none')} text={t('search.noneText')} />}
      >
        {(items) => (
          <UserTable users={items} onEdit={(edit) => show({ edit })} onIssue={(issue) => show({ issue })} />
        )}
      </ListCard>
      {current === 'new' && <NewUser org_id={org_id} onCreated={list.reload} onClose={close} />}
      {typeof current === 'object' && 'edit' in current && (
        <EditUser
          of={current.edit}
          onClose={close}
          onSaved={(saved) =>
            list.change((users) => users.map((each) => (each.user_id === saved.user_id ? saved : each)))
          }
        />
      )}
      {typeof current === 'object' && 'issue' in current && <IssueCode of={current.issue} onClose={close} />}
    </>
  );
}

const RoleFilter = ({ value }: { value: string }) => (
  <Select label={t('users.filterRole')} value={value} onChange={(to) => setQuery('role', to)}>
    <option value="">{t('users.allRoles')}</option>
    {roles.map((name) => (
      <option key={name} value={name}>
        {t(`role.${name}`)}
      </option>
    ))}
  </Select>
);
