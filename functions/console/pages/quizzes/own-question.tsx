import { useMemo } from 'preact/hooks';
import { type ItemContentInput, itemContent } from '#shared/contracts/item-shapes.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useDraft } from '../../ui/draft.ts';
import { contentOf, fieldOfItem, type ItemDraft, newItemDraft } from '../item-banks/item-draft.ts';
import { needsRight } from '../item-banks/item-editor.tsx';
import { QuestionFields } from '../item-banks/item-fields.tsx';

interface OwnQuestionProps {
  readonly initial: ItemDraft | undefined;
  readonly onTake: (draft: ItemDraft) => void;
  readonly onClose: () => void;
}

/** A question that is written with the quiz. */
export function OwnQuestion({ initial, onTake, onClose }: OwnQuestionProps) {
  const start = useMemo(() => initial ?? newItemDraft(), []);
  const form = useDraft<ItemDraft, ItemContentInput>({
    initial: start,
    bodyOf: contentOf,
    schema: itemContent,
    fieldOf: fieldOfItem,
    check: needsRight,
    submit: async () => {
      onTake(form.draft);
      onClose();
    },
  });
  return (
    <Dialog title={t('writeQuiz.questionTitle')} onClose={onClose}>
      <form
        class="stack own-question"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          // the dialog stands inside the form of the quiz
          event.stopPropagation();
          form.save();
        }}
      >
        <QuestionFields form={form} />
        <div class="dialog-foot">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button kind="primary" submit>
            {t('writeQuiz.take')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
