import { useSignal } from '@preact/signals';
import type * as z from 'zod';
import type { organization } from '#shared/contracts/organizations.ts';
import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { api } from '../../app/api.ts';
import { may } from '../../app/session.ts';
import { toast } from '../../app/toasts.ts';
import { useList } from '../../data/list.ts';
import { number, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/words.tsx';
import { OrganizationForm } from './organization-form.tsx';

export type Organization = z.infer<typeof organization>;
type Open = 'new' | { readonly edit: Organization } | { readonly remove: Organization } | undefined;

export function Organizations() {
  const open = useSignal<Open>(undefined);
  const list = useList('organizations', (page, signal) =>
    api.school.listOrganizations({ query: page, signal }),
  );
  const show = (what: Open) => {
    open.value = what;
  };
  const close = () => show(undefined);
  const current = open.value;
  return (
    <>
      <PageHead title={t('nav.organizations')} lead={t('organizations.lead')}>
        {may(schoolOperations.createOrganization) && (
          <Button kind="primary" icon="plus" onClick={() => show('new')}>
            {t('organizations.create')}
          </Button>
        )}
      </PageHead>
      <ListCard
        list={list}
        empty={<Empty icon="building" title={t('search.none')} text={t('organizations.emptyText')} />}
      >
        {(items) => (
          <OrganizationTable
            organizations={items}
            onEdit={(edit) => show({ edit })}
            onRemove={(remove) => show({ remove })}
          />
        )}
      </ListCard>
      {current === 'new' && <OrganizationForm onSaved={list.reload} onClose={close} />}
      {typeof current === 'object' && 'edit' in current && (
        <OrganizationForm of={current.edit} onSaved={list.reload} onClose={close} />
      )}
      {typeof current === 'object' && 'remove' in current && (
        <RemoveOrganization of={current.remove} onRemoved={list.reload} onClose={close} />
      )}
    </>
  );
}

interface TableProps {
  readonly organizations: readonly Organization[];
  readonly onEdit: (of: Organization) => void;
  readonly onRemove: (of: Organization) => void;
}
const OrganizationTable = ({ organizations, onEdit, onRemove }: TableProps) => (
  <Table
    label={t('nav.organizations')}
    items={organizations}
    keyOf={({ org_id }) => org_id}
    columns={[
      { label: t('form.name'), role: 'lead', cell: ({ name }) => <strong>{name}</strong> },
      { label: t('organization.type'), cell: ({ type }) => type },
      { label: t('organization.members'), role: 'end', cell: ({ member_count }) => number(member_count) },
      { label: t('user.created'), role: 'end', cell: ({ created_at }) => <Ago at={created_at} /> },
      {
        label: t('table.actions'),
        role: 'actions',
        cell: (of) => (
          <>
            <Button kind="quiet" size="small" onClick={() => onEdit(of)}>
              {t('action.edit')}
              <span class="visually-hidden">{of.name}</span>
            </Button>
            {may(schoolOperations.deleteOrganization) && (
              <Button kind="quiet" size="small" onClick={() => onRemove(of)}>
                {t('action.delete')}
                <span class="visually-hidden">{of.name}</span>
              </Button>
            )}
          </>
        ),
      },
    ]}
  />
);

interface RemoveProps {
  readonly of: Organization;
  readonly onRemoved: () => void;
  readonly onClose: () => void;
}
const RemoveOrganization = ({ of, onRemoved, onClose }: RemoveProps) => (
  <Confirm
    title={t('organization.deleteTitle', { name: of.name })}
    text={
      of.member_count > 0
        ? t('organization.deleteHasMembers', { n: of.member_count })
        : t('organization.deleteText')
    }
    action={t('action.delete')}
    blocked={of.member_count > 0}
    onClose={onClose}
    act={async () => {
      await api.school.deleteOrganization({ params: { org_id: of.org_id } });
      toast('good', t('organization.deleted', { name: of.name }));
      onRemoved();
    }}
  />
);
