import { useSignal } from '@preact/signals';
import type { Item } from '#shared/contracts/items.ts';
import { navigate } from '../../app/location.ts';
import { testing } from '../../app/testing-api.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';

export function DeleteItem({ item: { item_id, bank_id } }: { item: Item }) {
  const open = useSignal(false);
  return (
    <>
      <Button
        kind="quiet"
        icon="trash"
        onClick={() => {
          open.value = true;
        }}
      >
        {t('item.delete')}
      </Button>
      {open.value && (
        <Confirm
          title={t('item.deleteTitle')}
          text={t('item.deleteText')}
          action={t('action.delete')}
          onClose={() => {
            open.value = false;
          }}
          act={async () => {
            await testing.items.deleteItem({ params: { item_id } });
            toast('good', t('item.deleted'));
            navigate(`/item-banks/${bank_id}`, { replace: true });
          }}
        />
      )}
    </>
  );
}
