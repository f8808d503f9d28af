import type { Item } from '#shared/contracts/items.ts';
import { itemKinds } from '#shared/domain/items/types.ts';
import { t } from '../../i18n/index.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Area, Check, Choice, NumberInput, TextInput } from '../teaching/inputs.tsx';
import { newOption, nextStatuses, type OptionDraft } from './item-draft.ts';
import type { ItemForm } from './item-editor.tsx';
import { letterOf } from './words.ts';

/** What is asked, and what is right. */
export function QuestionFields({ form }: { form: ItemForm }) {
  const { draft } = form;
  return (
    <section class="card">
      <div class="card-head">
        <h2>{t('item.question')}</h2>
        <Segments
          label={t('items.kind')}
          value={draft.kind}
          options={itemKinds.map((value) => ({ value, label: t(`item.kind.${value}`) }))}
          onChange={(kind) => form.set({ kind, options: withOneRight(kind, draft.options) })}
        />
      </div>
      <div class="card-body stack">
        <Area
          label={t('item.body')}
          hint={t('item.bodyHint')}
          rows={5}
          value={draft.body}
          problem={form.problem('body')}
          onInput={(body) => form.set({ body })}
        />
        {(draft.kind === 'choice' || draft.kind === 'multi') && <OptionFields form={form} />}
        {draft.kind === 'numeric' && <NumericFields form={form} />}
        {draft.kind === 'text' && <TextFields form={form} />}
        <Area
          label={t('item.explanation')}
          hint={t('item.explanationHint')}
          optional
          rows={3}
          value={draft.explanation}
          problem={form.problem('explanation')}
          onInput={(explanation) => form.set({ explanation })}
        />
      </div>
    </section>
  );
}

/** Of one choice one is right: the first of those that were. */
const withOneRight = (kind: Item['kind'], options: readonly OptionDraft[]): readonly OptionDraft[] => {
  const first = options.findIndex(({ isRight }) => isRight);
  return kind === 'choice' ? options.map((option, at) => ({ ...option, isRight: at === first })) : options;
};

const mostOptions = 10;
const fewestOptions = 2;

function OptionFields({ form }: { form: ItemForm }) {
  const { kind, options } = form.draft;
  const problem = form.problem('right') ?? form.problem('options');
  const choose = (at: number, isRight: boolean) =>
    form.set({
      options: options.map((option, index) => {
        if (index === at) return { ...option, isRight };
        return kind === 'choice' ? { ...option, isRight: false } : option;
      }),
    });
  return (
    <fieldset class="group option-fields">
      <legend class="field-label">{t('item.options')}</legend>
      <p class="hint">{t(kind === 'choice' ? 'item.rightOne' : 'item.rightSome')}</p>
      {options.map((option, at) => (
        <div key={option.key} class={`option-field ${option.isRight ? 'right' : ''}`}>
          <input
            type={kind === 'choice' ? 'radio' : 'checkbox'}
            name="right"
            aria-label={t('item.right', { letter: letterOf(at) })}
            title={t('item.right', { letter: letterOf(at) })}
            aria-invalid={problem !== undefined && at === 0 ? 'true' : undefined}
            checked={option.isRight}
            onChange={({ currentTarget }) => choose(at, currentTarget.checked)}
          />
          <Area
            label={t('item.option', { letter: letterOf(at) })}
            rows={1}
            value={option.body}
            problem={form.problem(`options.${at}`)}
            onInput={(body) =>
              form.set({ options: options.map((one, index) => (index === at ? { ...one, body } : one)) })
            }
          />
          {options.length > fewestOptions && (
            <IconButton
              icon="trash"
              size="small"
              label={t('item.removeOption', { letter: letterOf(at) })}
              onClick={() => form.set({ options: options.toSpliced(at, 1) })}
            />
          )}
        </div>
      ))}
      {problem !== undefined && (
        <p class="problem">
          <Icon name="alert" size={16} />
          {problem}
        </p>
      )}
      {options.length < mostOptions && (
        <div>
          <Button size="small" icon="plus" onClick={() => form.set({ options: [...options, newOption()] })}>
            {t('item.addOption')}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

const NumericFields = ({ form }: { form: ItemForm }) => (
  <div class="three">
    <NumberInput
      label={t('item.value')}
      value={form.draft.value}
      problem={form.problem('value')}
      onInput={(value) => form.set({ value })}
    />
    <NumberInput
      label={t('item.tolerance')}
      value={form.draft.tolerance}
      problem={form.problem('tolerance')}
      onInput={(tolerance) => form.set({ tolerance })}
    />
    <Choice
      label={t('item.toleranceKind')}
      value={form.draft.tolerance_kind}
      onInput={(tolerance_kind) => form.set({ tolerance_kind })}
    >
      <option value="absolute">{t('item.tolerance.absolute')}</option>
      <option value="relative">{t('item.tolerance.relative')}</option>
    </Choice>
  </div>
);

const TextFields = ({ form }: { form: ItemForm }) => (
  <>
    <Area
      label={t('item.accepted')}
      hint={t('item.acceptedHint')}
      rows={3}
      value={form.draft.accepted}
      problem={form.problem('accepted')}
      onInput={(accepted) => form.set({ accepted })}
    />
    <Check
      label={t('item.caseSensitive')}
      checked={form.draft.case_sensitive}
      onChange={(case_sensitive) => form.set({ case_sensitive })}
    />
  </>
);

/** How far the item is, and where it belongs. */
export function LabelFields({ form, item }: { form: ItemForm; item: Item | undefined }) {
  const { draft } = form;
  return (
    <section class="card">
      <div class="card-head">
        <h2>{t('item.place')}</h2>
      </div>
      <div class="card-body stack">
        <Choice
          label={t('items.status')}
          hint={t(`item.statusHint.${draft.status as Item['status']}`)}
          value={draft.status}
          problem={form.problem('status')}
          onInput={(status) => form.set({ status })}
        >
          {nextStatuses(item?.status).map((status) => (
            <option key={status} value={status}>
              {t(`item.status.${status as Item['status']}`)}
            </option>
          ))}
        </Choice>
        <div class="two">
          {(['subject', 'module', 'grade'] as const).map((name) => (
            <TextInput
              key={name}
              label={t(`item.${name}`)}
              optional
              value={draft[name]}
              problem={form.problem(name)}
              onInput={(value) => form.set({ [name]: value })}
            />
          ))}
          <TextInput
            label={t('item.externalId')}
            hint={t('item.externalIdHint')}
            optional
            value={draft.external_id}
            problem={form.problem('external_id')}
            onInput={(external_id) => form.set({ external_id })}
          />
        </div>
        <TextInput
          label={t('item.tags')}
          hint={t('item.tagsHint')}
          optional
          value={draft.tags}
          problem={form.problem('tags')}
          onInput={(tags) => form.set({ tags })}
        />
      </div>
    </section>
  );
}
