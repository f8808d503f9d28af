import type { Item } from '#shared/contracts/items.ts';
import { dichotomousModels, polytomousModels } from '#shared/domain/items/types.ts';
import { t } from '../../i18n/index.ts';
import { Choice, NumberInput, TextInput } from '../teaching/inputs.tsx';
import { polytomous } from './item-draft.ts';
import type { ItemForm } from './item-editor.tsx';
import { logit } from './words.ts';

/** How the item measures, as far as that is known. */
export function ParameterFields({ form, item }: { form: ItemForm; item: Item | undefined }) {
  const { draft } = form;
  const isPolytomous = polytomous.includes(draft.model);
  const fields = isPolytomous ? (['a'] as const) : namesOf(draft.model);
  return (
    <section class="card">
      <div class="card-head">
        <h2>{t('item.parameters')}</h2>
      </div>
      <div class="card-body stack">
        <Choice
          label={t('item.model')}
          hint={t('item.parametersHint')}
          value={draft.model}
          problem={form.problem('model')}
          onInput={(model) => form.set({ model })}
        >
          <option value="">{t('item.model.none')}</option>
          {[...dichotomousModels, ...(draft.kind === 'multi' ? polytomousModels : [])].map((model) => (
            <option key={model} value={model}>
              {model}
            </option>
          ))}
        </Choice>
        {draft.model !== '' && (
          <div class="parameter-row">
            {fields.map((name) => (
              <NumberInput
                key={name}
                label={t(`item.${name}`)}
                value={draft[name]}
                problem={form.problem(name)}
                onInput={(value) => form.set({ [name]: value })}
              />
            ))}
          </div>
        )}
        {isPolytomous && (
          <TextInput
            label={t('item.thresholds')}
            hint={t('item.thresholdsHint')}
            value={draft.thresholds}
            problem={form.problem('thresholds')}
            onInput={(thresholds) => form.set({ thresholds })}
          />
        )}
        {item?.parameters && <Provenance parameters={item.parameters} />}
      </div>
    </section>
  );
}

/** A 1PL's slope is common to the bank and rarely anything but 1; it is shown all the same. */
function namesOf(model: string): readonly ('a' | 'b' | 'c' | 'd')[] {
  if (model === '4PL') return ['a', 'b', 'c', 'd'];
  return model === '3PL' ? ['a', 'b', 'c'] : ['a', 'b'];
}

function Provenance({ parameters: { source, se } }: { parameters: NonNullable<Item['parameters']> }) {
  const errors = Object.entries(se ?? {}).map(([name, value]) => `${name} ${logit(value, 3)}`);
  return (
    <p class="small muted">
      {t('item.sourceIs', { source: t(`item.source.${source}`) })}{' '}
      {errors.length > 0 && t('item.se', { errors: errors.join(', ') })}
    </p>
  );
}
