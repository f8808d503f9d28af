import { useMemo } from 'preact/hooks';
import type { ItemBank } from '#shared/contracts/item-banks.ts';
import type { Item } from '#shared/contracts/items.ts';
import { navigate } from '../../app/location.ts';
import { testing } from '../../app/testing-api.ts';
import { toast } from '../../app/toasts.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { useBank } from './bank.tsx';
import { draftOfItem, newItemDraft } from './item-draft.ts';
import { ItemEditor } from './item-editor.tsx';

/** A new item of a bank; the next one begins with the labels of the one before. */
export function NewItem({ bank_id }: { bank_id: string }) {
  const bank = useBank(bank_id);
  const initial = useMemo(() => newItemDraft(), []);
  if (bank.error !== undefined && !bank.data) return <Failure error={bank.error} retry={bank.reload} />;
  if (!bank.data) return <Skeleton lines={5} height={64} />;
  return (
    <ItemEditor
      bank={bank.data}
      initial={initial}
      submit={async (body, idempotency_key) => {
        const made = await testing.items.createItem({ body: { ...body, bank_id }, idempotency_key });
        toast('good', t('item.made'));
        navigate(`/item-banks/${bank_id}/items/${made.item_id}`, { replace: true });
      }}
    />
  );
}

interface EditItemProps {
  readonly bank_id: string;
  readonly item_id: string;
}
/** An item that there is. */
export function EditItem({ bank_id, item_id }: EditItemProps) {
  const bank = useBank(bank_id);
  const item = useResource(`item.${item_id}`, (signal) =>
    testing.items.getItem({ params: { item_id }, signal }),
  );
  const failed = bank.data ? item : bank;
  if (failed.error !== undefined && !failed.data)
    return <Failure error={failed.error} retry={failed.reload} />;
  if (!bank.data || !item.data) return <Skeleton lines={5} height={64} />;
  return <Editor key={item.data.version} bank={bank.data} item={item.data} onSaved={item.set} />;
}

interface EditorProps {
  readonly bank: ItemBank;
  readonly item: Item;
  readonly onSaved: (item: Item) => void;
}
function Editor({ bank, item, onSaved }: EditorProps) {
  const initial = useMemo(() => draftOfItem(item), [item]);
  return (
    <ItemEditor
      bank={bank}
      item={item}
      initial={initial}
      submit={async ({ parameters, ...body }) => {
        const saved = await testing.items.updateItem({
          params: { item_id: item.item_id },
          body: {
            ...body,
            ...(!isSameCurve(parameters, item.parameters) && { parameters }),
            version: item.version,
          },
        });
        onSaved(saved);
        const isNewRevision = saved.revision > item.revision;
        toast('good', isNewRevision ? t('item.savedRevision', { n: saved.revision }) : t('item.saved'));
      }}
    />
  );
}

type Parameters = Item['parameters'];
/** Numbers that nobody touched keep where they came from, and their standard errors. */
function isSameCurve(typed: Parameters, stored: Parameters): boolean {
  const numbers = (parameters: Parameters) => parameters && { ...parameters, source: null, se: null };
  const inOrder = (value: object | null) => JSON.stringify(Object.entries(value ?? {}).toSorted());
  return inOrder(numbers(typed)) === inOrder(numbers(stored));
}
