import { useSignal } from '@preact/signals';
import { contentAttribute } from '#shared/contracts/exam-shapes.ts';
import type { Item } from '#shared/contracts/items.ts';
import { testing } from '../../app/testing-api.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { counted, number, t } from '../../i18n/index.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ItemChooser } from '../item-banks/item-chooser.tsx';
import { Choice, NumberInput, TextInput } from '../teaching/inputs.tsx';
import { ChoiceField, Folded, NumberField } from './form-parts.tsx';
import type { ConstraintDraft } from './plan-draft.ts';
import type { PlanForm } from './plan-editor.tsx';

/** What of a bank's items their labels say, to choose from while typing. */
function useLabels(bank_id: string): readonly Item[] {
  const { data } = useResource(`bank-labels.${bank_id}`, async (signal) =>
    bank_id === ''
      ? []
      : everyPage((page) =>
          testing.items.listItems({
            query: { bank_id, limit: 100, sort: 'created_at', status: 'live', ...page },
            signal,
          }),
        ),
  );
  return data ?? [];
}

function valuesOf(items: readonly Item[], by: string): string[] {
  const found = items.flatMap((item) => {
    if (by === 'tag') return item.tags;
    if (by === 'kind') return item.kind;
    return by === 'subject' || by === 'module' || by === 'grade' ? (item[by] ?? []) : [];
  });
  return [...new Set(found)].toSorted();
}

/** Which topics the test covers, and which items exclude each other. */
export function ContentFields({ form }: { form: PlanForm }) {
  const items = useLabels(form.draft.bank_id);
  return (
    <Folded title={t('plan.content')} note={t('plan.contentNote')}>
      <ChoiceField
        form={form}
        name="content_by"
        label={t('plan.contentBy')}
        options={[
          ['', t('plan.contentBy.none')],
          ...contentAttribute.options.map((by) => [by, t(`plan.contentBy.${by}`)] as const),
        ]}
      />
      {form.draft.content_by !== '' && <Shares form={form} values={valuesOf(items, form.draft.content_by)} />}
      <Enemies form={form} />
      <Constraints form={form} items={items} />
    </Folded>
  );
}

function Shares({ form, values }: { form: PlanForm; values: readonly string[] }) {
  const { shares } = form.draft;
  const sum = shares.reduce((all, { share }) => all + (Number(share) || 0), 0);
  const change = (at: number, part: Partial<(typeof shares)[number]>) =>
    form.set({ shares: shares.map((one, index) => (index === at ? { ...one, ...part } : one)) });
  return (
    <fieldset class="group field-group">
      <legend class="field-label">{t('plan.shares')}</legend>
      <Values id="share-values" values={values} />
      {shares.map((share, at) => (
        <div key={at} class="share-row">
          <TextInput
            label={t('plan.shareName')}
            list="share-values"
            value={share.name}
            problem={form.problem(`shares.${at}`)}
            onInput={(name) => change(at, { name })}
          />
          <NumberInput
            label={t('plan.share')}
            value={share.share}
            onInput={(value) => change(at, { share: value })}
          />
          <span class="small muted numbers">
            {sum > 0 && t('plan.shareTotal', { percent: number((100 * (Number(share.share) || 0)) / sum) })}
          </span>
          <IconButton
            icon="trash"
            size="small"
            label={t('plan.removeShare', { name: share.name })}
            onClick={() => form.set({ shares: shares.toSpliced(at, 1) })}
          />
        </div>
      ))}
      <div class="row">
        <Button
          size="small"
          icon="plus"
          onClick={() => {
            const name = values.find((value) => !shares.some((one) => one.name === value)) ?? '';
            form.set({ shares: [...shares, { name, share: '1' }] });
          }}
        >
          {t('plan.addShare')}
        </Button>
      </div>
    </fieldset>
  );
}

const Values = ({ id, values }: { id: string; values: readonly string[] }) => (
  <datalist id={id}>
    {values.map((value) => (
      <option key={value} value={value} />
    ))}
  </datalist>
);

function Enemies({ form }: { form: PlanForm }) {
  const { enemies, bank_id } = form.draft;
  const choosing = useSignal(false);
  return (
    <fieldset class="group field-group">
      <legend class="field-label">{t('plan.enemies')}</legend>
      <p class="hint">{t('plan.enemiesHint')}</p>
      {enemies.map((set, at) => (
        <div key={set.join()} class="row">
          <span>{t('plan.enemySet', { n: at + 1, count: counted('bank.count', set.length) })}</span>
          <IconButton
            icon="trash"
            size="small"
            label={t('plan.removeEnemies', { n: at + 1 })}
            onClick={() => form.set({ enemies: enemies.toSpliced(at, 1) })}
          />
        </div>
      ))}
      <div class="row">
        <Button
          size="small"
          icon="plus"
          disabled={bank_id === ''}
          onClick={() => {
            choosing.value = true;
          }}
        >
          {t('plan.addEnemies')}
        </Button>
      </div>
      {choosing.value && (
        <ItemChooser
          bank_id={bank_id}
          status="live"
          taken={[]}
          fewest={2}
          onClose={() => {
            choosing.value = false;
          }}
          onTake={(items) => form.set({ enemies: [...enemies, items.map(({ item_id }) => item_id)] })}
        />
      )}
    </fieldset>
  );
}

const newConstraint: ConstraintDraft = { by: 'module', value: '', items: [], min: '1', max: '', weight: '' };

function Constraints({ form, items }: { form: PlanForm; items: readonly Item[] }) {
  const { constraints, constraint_kind } = form.draft;
  return (
    <fieldset class="group field-group">
      <legend class="field-label">{t('plan.constraints')}</legend>
      {constraints.map((constraint, at) => (
        <ConstraintRow key={at} form={form} constraint={constraint} at={at} items={items} />
      ))}
      <div class="row">
        <Button
          size="small"
          icon="plus"
          onClick={() => form.set({ constraints: [...constraints, newConstraint] })}
        >
          {t('plan.addConstraint')}
        </Button>
      </div>
      {constraints.length > 0 && (
        <div class="two">
          <ChoiceField
            form={form}
            name="constraint_kind"
            label={t('plan.constraintKind')}
            options={(['shadow', 'deviations'] as const).map((kind) => [
              kind,
              t(`plan.constraintKind.${kind}`),
            ])}
          />
          {constraint_kind === 'deviations' && (
            <NumberField form={form} name="criterion_weight" label={t('plan.criterionWeight')} />
          )}
        </div>
      )}
    </fieldset>
  );
}

interface ConstraintRowProps {
  readonly form: PlanForm;
  readonly constraint: ConstraintDraft;
  readonly at: number;
  readonly items: readonly Item[];
}
function ConstraintRow({ form, constraint, at, items }: ConstraintRowProps) {
  const { constraints, constraint_kind, bank_id } = form.draft;
  const choosing = useSignal(false);
  const change = (part: Partial<ConstraintDraft>) =>
    form.set({ constraints: constraints.map((one, index) => (index === at ? { ...one, ...part } : one)) });
  const limits =
    constraint_kind === 'deviations' ? (['min', 'max', 'weight'] as const) : (['min', 'max'] as const);
  const words = {
    min: t('plan.constraintMin'),
    max: t('plan.constraintMax'),
    weight: t('plan.constraintWeight'),
  };
  return (
    <div class="constraint-row">
      <Choice
        label={t('plan.constraintBy')}
        value={constraint.by}
        onInput={(by) => change({ by, value: '' })}
      >
        {([...contentAttribute.options, 'kind', 'items'] as const).map((by) => (
          <option key={by} value={by}>
            {t(`plan.contentBy.${by}`)}
          </option>
        ))}
      </Choice>
      {constraint.by === 'items' ? (
        <div class="field">
          <span class="field-label">{t('plan.constraintValue')}</span>
          <Button
            onClick={() => {
              choosing.value = true;
            }}
          >
            {counted('bank.count', constraint.items.length)}
          </Button>
        </div>
      ) : (
        <>
          <Values id={`constraint-${at}`} values={valuesOf(items, constraint.by)} />
          <TextInput
            label={t('plan.constraintValue')}
            list={`constraint-${at}`}
            value={constraint.value}
            problem={form.problem(`constraints.${at}.value`)}
            onInput={(value) => change({ value })}
          />
        </>
      )}
      {limits.map((name) => (
        <NumberInput
          key={name}
          label={words[name]}
          value={constraint[name]}
          problem={form.problem(`constraints.${at}.${name}`)}
          onInput={(value) => change({ [name]: value })}
        />
      ))}
      <IconButton
        icon="trash"
        size="small"
        label={t('plan.removeConstraint', { n: at + 1 })}
        onClick={() => form.set({ constraints: constraints.toSpliced(at, 1) })}
      />
      {choosing.value && (
        <ItemChooser
          bank_id={bank_id}
          status="live"
          taken={constraint.items}
          onClose={() => {
            choosing.value = false;
          }}
          onTake={(taken) => change({ items: [...constraint.items, ...taken.map(({ item_id }) => item_id)] })}
        />
      )}
    </div>
  );
}
