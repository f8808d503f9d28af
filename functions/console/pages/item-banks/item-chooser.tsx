import { useSignal } from '@preact/signals';
import type { Item } from '#shared/contracts/items.ts';
import { testing } from '../../app/testing-api.ts';
import { everyPage, useList } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { counted, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Select } from '../../ui/select.tsx';
import { ItemTitle } from './item-title.tsx';
import { difficultyOf, logit } from './words.ts';

interface ItemChooserProps {
  /** Of this bank only; when absent one chooses the bank. */
  readonly bank_id?: string;
  readonly status?: Item['status'];
  /** Items that are there already. */
  readonly taken: readonly string[];
  readonly fewest?: number;
  readonly onTake: (items: readonly Item[]) => void;
  readonly onClose: () => void;
}

/** Items of a bank, found and ticked; those of several searches are taken together. */
export function ItemChooser({ bank_id, status, taken, fewest = 1, onTake, onClose }: ItemChooserProps) {
  const bank = useSignal(bank_id ?? '');
  const words = useSignal('');
  const chosen = useSignal<readonly Item[]>([]);
  const isChosen = (item: Item) => chosen.value.some(({ item_id }) => item_id === item.item_id);
  return (
    <Dialog title={t('pickItems.title')} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          // Enter in the search searches; the form around the dialog is not sent by it
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        {bank_id === undefined && (
          <BankChoice
            value={bank.value}
            onChange={(value) => {
              bank.value = value;
            }}
          />
        )}
        <SearchBox
          label={t('items.search')}
          value=""
          onSearch={(found) => {
            words.value = found;
          }}
        />
        {bank.value !== '' && (
          <div class="choose-items">
            <Found
              bank_id={bank.value}
              q={words.value}
              status={status}
              taken={taken}
              isChosen={isChosen}
              onToggle={(item) => {
                chosen.value = isChosen(item)
                  ? chosen.value.filter(({ item_id }) => item_id !== item.item_id)
                  : [...chosen.value, item];
              }}
            />
          </div>
        )}
        <div class="dialog-foot">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button
            kind="primary"
            disabled={chosen.value.length < fewest}
            onClick={() => {
              onTake(chosen.value);
              onClose();
            }}
          >
            {counted('pickItems.take', chosen.value.length)}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function BankChoice({ value, onChange }: { value: string; onChange: (bank_id: string) => void }) {
  const { data } = useResource('banks.all', (signal) =>
    everyPage((page) => testing.banks.listItemBanks({ query: { limit: 100, ...page }, signal })),
  );
  return (
    <Select label={t('pickItems.bank')} value={value} onChange={onChange}>
      <option value="">{t('pickItems.chooseBank')}</option>
      {data?.map(({ bank_id, name }) => (
        <option key={bank_id} value={bank_id}>
          {name}
        </option>
      ))}
    </Select>
  );
}

interface FoundProps {
  readonly bank_id: string;
  readonly q: string;
  readonly status: Item['status'] | undefined;
  readonly taken: readonly string[];
  readonly isChosen: (item: Item) => boolean;
  readonly onToggle: (item: Item) => void;
}
function Found({ bank_id, q, status, taken, isChosen, onToggle }: FoundProps) {
  const list = useList<Item>(`choose.${bank_id}.${status ?? ''}.${q}`, (page, signal) =>
    testing.items.listItems({
      query: { bank_id, limit: 25, ...(q !== '' && { q }), ...(status && { status }), ...page },
      signal,
    }),
  );
  if (list.error !== undefined) return <Failure error={list.error} retry={list.reload} />;
  if (!list.items) return <Skeleton lines={4} height={32} />;
  if (list.items.length === 0)
    return (
      <p class="muted">
        {t('pickItems.none')}. {t('pickItems.noneText')}
      </p>
    );
  return (
    <>
      <ul>
        {list.items.map((item) => (
          <ItemLine
            key={item.item_id}
            item={item}
            isTaken={taken.includes(item.item_id)}
            isChosen={isChosen(item)}
            onToggle={() => onToggle(item)}
          />
        ))}
      </ul>
      {list.hasMore && (
        <Button kind="quiet" busy={list.loading} onClick={list.more}>
          {t('action.more')}
        </Button>
      )}
    </>
  );
}

interface ItemLineProps {
  readonly item: Item;
  readonly isTaken: boolean;
  readonly isChosen: boolean;
  readonly onToggle: () => void;
}
const ItemLine = ({ item, isTaken, isChosen, onToggle }: ItemLineProps) => (
  <li>
    <label class="check check-block">
      <input type="checkbox" checked={isTaken || isChosen} disabled={isTaken} onChange={onToggle} />
      <span>
        <ItemTitle body={item.body} />
        <small>
          {t(`item.kind.${item.kind}`)}
          {item.parameters && ` · ${t('items.difficultyIs', { b: logit(difficultyOf(item.parameters)) })}`}
          {isTaken && ` · ${t('pickItems.taken')}`}
        </small>
      </span>
    </label>
  </li>
);
