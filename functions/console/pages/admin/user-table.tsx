import type { User } from '#shared/contracts/users.ts';
import { t } from '../../i18n/index.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago, Avatar, CopyButton } from '../../ui/words.tsx';

interface Props {
  readonly users: readonly User[];
  readonly onEdit: (user: User) => void;
  readonly onIssue: (user: User) => void;
}
export const UserTable = ({ users, onEdit, onIssue }: Props) => (
  <Table
    label={t('nav.users')}
    items={users}
    keyOf={({ user_id }) => user_id}
    columns={[
      {
        label: t('form.name'),
        role: 'lead',
        cell: ({ user_id, name, email, username, role }) => (
          <span class="cell-main">
            <Avatar name={name} small />
            <span>
              {role === 'student' ? (
                <a class="row-link" href={`/students/${user_id}`}>
                  {name}
                </a>
              ) : (
                <strong>{name}</strong>
              )}
              <small>{email ?? username}</small>
            </span>
          </span>
        ),
      },
      { label: t('form.role'), cell: ({ role }) => t(`role.${role}`) },
      { label: t('user.state'), cell: (user) => <StateBadge user={user} /> },
      { label: t('user.created'), role: 'end', cell: ({ created_at }) => <Ago at={created_at} /> },
      {
        label: t('table.actions'),
        role: 'actions',
        cell: (user) => (
          <>
            <Button kind="quiet" size="small" onClick={() => onEdit(user)}>
              {t('action.edit')}
              <span class="visually-hidden">{user.name}</span>
            </Button>
            <IconButton
              icon="key"
              size="small"
              label={t('user.issueCodeFor', { name: user.name })}
              onClick={() => onIssue(user)}
            />
            <CopyButton text={user.user_id} label={t('user.copyIdOf', { name: user.name })} />
          </>
        ),
      },
    ]}
  />
);

function StateBadge({ user: { disabled, must_change_password } }: { user: User }) {
  if (disabled) return <span class="badge bad">{t('user.disabled')}</span>;
  if (must_change_password) return <span class="badge warn">{t('user.invited')}</span>;
  return <span class="muted">{t('user.active')}</span>;
}
