import { useSignal } from '@preact/signals';
import type { ItemBank } from '#shared/contracts/item-banks.ts';
import { navigate } from '../../app/location.ts';
import { testing } from '../../app/testing-api.ts';
import { toast } from '../../app/toasts.ts';
import { type Resource, useResource } from '../../data/resource.ts';
import { counted, t } from '../../i18n/index.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { BankForm } from './bank-form.tsx';
import { BankItems } from './bank-items.tsx';
import { BankVersions } from './bank-versions.tsx';
import { PublishedBadge } from './banks.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { PublishDialog } from './publish-dialog.tsx';
import { isOwnBank } from './words.ts';

const tabs = ['items', 'versions', 'analysis', 'calibrations'] as const;
type Tab = (typeof tabs)[number];

export const useBank = (bank_id: string): Resource<ItemBank> =>
  useResource(`bank.${bank_id}`, (signal) => testing.banks.getItemBank({ params: { bank_id }, signal }));

interface ItemBankPageProps {
  readonly id: string;
  readonly tab: 'items' | 'versions';
}
/** A bank: its items, what was published of it, and what can be done with it. */
export function ItemBankPage({ id, tab }: ItemBankPageProps) {
  const resource = useBank(id);
  const { data, error, reload } = resource;
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={48} />;
  return (
    <>
      <BankHead bank={data} resource={resource} />
      <BankTabs bank={data} tab={tab} />
      {tab === 'items' ? <BankItems bank={data} /> : <BankVersions bank={data} />}
    </>
  );
}

export const BankTabs = ({ bank: { bank_id, name }, tab }: { bank: ItemBank; tab: Tab }) => (
  <nav class="tabs" aria-label={name}>
    {tabs.map((one) => (
      <a
        key={one}
        href={one === 'items' ? `/item-banks/${bank_id}` : `/item-banks/${bank_id}/${one}`}
        aria-current={one === tab ? 'page' : undefined}
      >
        {t(`bank.tab.${one}`)}
      </a>
    ))}
  </nav>
);

type Open = 'edit' | 'delete' | 'publish' | 'export' | undefined;

function BankHead({ bank, resource }: { bank: ItemBank; resource: Resource<ItemBank> }) {
  const open = useSignal<Open>(undefined);
  const show = (what: Open) => () => {
    open.value = what;
  };
  const close = show(undefined);
  const isOwn = isOwnBank(bank);
  return (
    <>
      <PageHead
        title={bank.name}
        back={{ href: '/item-banks', label: t('nav.itemBanks') }}
        lead={
          <>
            {[bank.subject, counted('bank.count', bank.item_count)].filter(Boolean).join(' · ')}{' '}
            <PublishedBadge bank={bank} />
            {!isOwn && <span class="small"> {t('bank.readOnly')}</span>}
          </>
        }
      >
        {isOwn && (
          <>
            <Button kind="quiet" icon="edit" onClick={show('edit')}>
              {t('action.edit')}
            </Button>
            {bank.published_version === 0 && (
              <Button kind="quiet" icon="trash" onClick={show('delete')}>
                {t('action.delete')}
              </Button>
            )}
          </>
        )}
        <Button icon="download" onClick={show('export')}>
          {t('bank.export')}
        </Button>
        {isOwn && (
          <>
            <LinkButton href={`/item-banks/${bank.bank_id}/import`}>{t('bank.import')}</LinkButton>
            <Button kind="primary" icon="check" onClick={show('publish')}>
              {t('bank.publish')}
            </Button>
          </>
        )}
      </PageHead>
      {open.value === 'edit' && <BankForm bank={bank} onClose={close} onSaved={resource.set} />}
      {open.value === 'export' && <ExportDialog bank={bank} onClose={close} />}
      {open.value === 'publish' && (
        <PublishDialog bank={bank} onClose={close} onPublished={resource.reload} />
      )}
      {open.value === 'delete' && (
        <Confirm
          title={t('bank.deleteTitle', { name: bank.name })}
          text={t('bank.deleteText')}
          action={t('bank.delete')}
          onClose={close}
          act={async () => {
            await testing.banks.deleteItemBank({ params: { bank_id: bank.bank_id } });
            toast('good', t('bank.deleted', { name: bank.name }));
            navigate('/item-banks', { replace: true });
          }}
        />
      )}
    </>
  );
}
