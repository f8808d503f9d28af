import type { ItemBank } from '#shared/contracts/item-banks.ts';
import { type WrittenItem, writtenItem } from '#shared/contracts/item-shapes.ts';
import type { Item } from '#shared/contracts/items.ts';
import { t } from '../../i18n/index.ts';
import { LinkButton } from '../../ui/button.tsx';
import { type Draft, useDraft } from '../../ui/draft.ts';
import { LeaveGuard } from '../../ui/leave-guard.tsx';
import { PageHead } from '../../ui/page.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { DeleteItem } from './delete-item.tsx';
import { ItemCurves } from './item-curves.tsx';
import { bodyOfItem, fieldOfItem, type ItemDraft } from './item-draft.ts';
import { LabelFields, QuestionFields } from './item-fields.tsx';
import { ItemPreview } from './item-preview.tsx';
import { ItemRevisions } from './item-revisions.tsx';
import { ItemStatistics } from './item-statistics.tsx';
import { ItemStatusBadge } from './item-table.tsx';
import { ParameterFields } from './parameter-fields.tsx';
import { titleOfItem } from './title-of-item.ts';
import { isOwnBank } from './words.ts';

export type ItemForm = Draft<ItemDraft>;

interface ItemEditorProps {
  readonly bank: ItemBank;
  readonly item?: Item;
  readonly initial: ItemDraft;
  readonly submit: (body: WrittenItem, key: string) => Promise<void>;
}

/** Writing on the left, what students will see and what the parameters mean on the right. */
export function ItemEditor({ bank, item, initial, submit }: ItemEditorProps) {
  const form = useDraft<ItemDraft, WrittenItem>({
    initial,
    bodyOf: bodyOfItem,
    schema: writtenItem,
    fieldOf: fieldOfItem,
    check: needsRight,
    submit,
  });
  const isOwn = isOwnBank(bank);
  return (
    <>
      <EditorHead bank={bank} item={item} isOwn={isOwn} />
      <LeaveGuard active={form.isChanged && !form.busy} />
      <div class="item-editor">
        <form
          class="stack-l"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            form.save();
          }}
        >
          <fieldset class="plain stack-l" disabled={!isOwn}>
            <legend class="visually-hidden">{t('item.editTitle')}</legend>
            <QuestionFields form={form} />
            <ParameterFields form={form} item={item} />
            <LabelFields form={form} item={item} />
          </fieldset>
          {isOwn && (
            <SaveBar
              form={form}
              isNew={item === undefined}
              action={t(item ? 'action.save' : 'item.create')}
            />
          )}
        </form>
        <div class="stack-l item-side">
          <ItemPreview draft={form.draft} />
          <ItemCurves draft={form.draft} D={bank.D} />
          {item && <ItemStatistics item_id={item.item_id} />}
          {item && <ItemRevisions item={item} />}
        </div>
      </div>
    </>
  );
}

export const needsRight = ({ kind, options }: ItemDraft): Record<string, string | false> => ({
  right:
    (kind === 'choice' || kind === 'multi') && !options.some(({ isRight }) => isRight) && t('item.noRight'),
});

interface EditorHeadProps {
  readonly bank: ItemBank;
  readonly item: Item | undefined;
  readonly isOwn: boolean;
}
const EditorHead = ({ bank, item, isOwn }: EditorHeadProps) => (
  <PageHead
    title={item ? titleOfItem(item, 60) : t('item.new')}
    back={{ href: `/item-banks/${bank.bank_id}`, label: bank.name }}
    lead={
      item && (
        <>
          <ItemStatusBadge status={item.status} /> {t('item.revision', { n: item.revision })}
        </>
      )
    }
  >
    {item && isOwn && (
      <>
        {item.status === 'draft' && <DeleteItem item={item} />}
        <LinkButton href={`/item-banks/${bank.bank_id}/items/new`} icon="plus">
          {t('item.another')}
        </LinkButton>
      </>
    )}
  </PageHead>
);
