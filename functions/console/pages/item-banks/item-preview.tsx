import { useSignal } from '@preact/signals';
import { itemContent } from '#shared/contracts/item-shapes.ts';
import { scoreAnswer } from '#shared/domain/items/score.ts';
import { number, t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { answerOf, type Draft } from '../taking/answers.ts';
import { QuestionForm } from '../taking/question-form.tsx';
import { contentOf, type ItemDraft } from './item-draft.ts';

/** The question as a student gets it, which can be answered here to see how that is scored. */
export function ItemPreview({ draft }: { draft: ItemDraft }) {
  const tried = useSignal<{ kind: ItemDraft['kind']; answer: Draft | undefined }>({
    kind: draft.kind,
    answer: undefined,
  });
  const answer = tried.value.kind === draft.kind ? tried.value.answer : undefined;
  const { kind, body } = draft;
  const options =
    kind === 'choice' || kind === 'multi' ? draft.options.map((one) => ({ body: one.body })) : [];
  return (
    <section class="card item-preview" aria-label={t('item.preview')}>
      <div class="card-head">
        <h2>{t('item.preview')}</h2>
      </div>
      <div class="card-body">
        {body.trim() === '' ? (
          <p class="muted">{t('item.previewNothing')}</p>
        ) : (
          <QuestionForm
            question={{ item_id: 'preview', kind, body, options }}
            draft={answer}
            onChange={(next) => {
              tried.value = { kind, answer: next };
            }}
            heading={t('item.question')}
          />
        )}
        <Verdict draft={draft} answer={answer} />
      </div>
    </section>
  );
}

function Verdict({ draft, answer }: { draft: ItemDraft; answer: Draft | undefined }) {
  const given = answerOf(draft, answer);
  const content = itemContent.safeParse(contentOf(draft));
  const scored = given !== undefined && content.success ? tryToScore(content.data, given) : undefined;
  return (
    <p class="small item-verdict" role="status">
      {scored && (
        <span class={scored.correct ? 'good' : 'bad'}>
          <Icon name={scored.correct ? 'check' : 'close'} size={16} />
          {scored.score > 0 && !scored.correct
            ? t('item.partly', { percent: number(scored.score * 100) })
            : t(scored.correct ? 'item.isRight' : 'item.isWrong')}
        </span>
      )}
    </p>
  );
}

function tryToScore(...[content, answer]: Parameters<typeof scoreAnswer>) {
  try {
    return scoreAnswer(content, answer);
  } catch {
    // the answer was to options that are no longer there
    return undefined;
  }
}
