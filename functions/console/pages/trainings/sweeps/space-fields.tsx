import type { EnvironmentView } from '#shared/contracts/training-environments.ts';
import { isKey, plain, t } from '../../../i18n/index.ts';
import { IconButton } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import type { Form } from '../../../ui/form.ts';
import { Segments } from '../../../ui/segments.tsx';
import { Select } from '../../../ui/select.tsx';
import { type Hyperparameter, hyperparametersOf, meaningfulIn } from '../form/hyperparameters.ts';
import { algorithmIn, type TrainingValues } from '../form/training-form.ts';
import { settingText } from '../training-settings.tsx';
import { everyValue, isDrawn, isRandom, notVarying, partOf, variedIn, varying } from './sweep-form.ts';

interface Props {
  readonly form: Form<TrainingValues>;
  readonly environment: EnvironmentView;
}

/** What is varied, and through which values. */
export function SpaceFields({ form, environment }: Props) {
  const { values } = form;
  const method = isRandom(values) ? 'random' : 'grid';
  return (
    <fieldset class="group">
      <legend>{t('sweep.space')}</legend>
      <div class="stack">
        <div class="preset">
          <Segments
            label={t('sweep.method')}
            value={method}
            options={[
              { value: 'grid', label: t('sweep.method.grid') },
              { value: 'random', label: t('sweep.method.random') },
            ]}
            onChange={(to) => form.set('method', to)}
          />
          <p class="small muted">{t(`sweep.method.${method}.hint`)}</p>
        </div>
        <ul class="varied">
          {variedIn(values).map((one) => (
            <li key={one[0]}>
              <Varied form={form} one={one} />
              <IconButton
                icon="trash"
                label={t('sweep.fix', { name: one[0] })}
                onClick={() => form.set('space', notVarying(values, one[0]))}
              />
            </li>
          ))}
        </ul>
        <AddField form={form} environment={environment} />
      </div>
    </fieldset>
  );
}

function AddField({ form, environment }: Props) {
  const { values } = form;
  const taken = variedIn(values).map(([name]) => name);
  const offered = meaningfulIn(environment, hyperparametersOf(algorithmIn(values))).filter(
    ([name]) => !taken.includes(name),
  );
  const add = (name: string) => {
    const chosen = offered.find(([one]) => one === name);
    if (chosen) for (const [field, value] of Object.entries(varying(values, chosen))) form.set(field, value);
  };
  return (
    <Field label={t('sweep.vary')} problem={form.problems['space']}>
      {(control) => (
        <Select {...control} name="space" value="" onChange={add}>
          <option value="">{t('sweep.choose')}</option>
          {offered.map(([name]) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

interface VariedProps {
  readonly form: Form<TrainingValues>;
  readonly one: Hyperparameter;
}
type Control = Parameters<Parameters<typeof Field>[0]['children']>[0];

function Varied({ form, one }: VariedProps) {
  const [name, of] = one;
  const every = everyValue(of);
  const hint = every ? undefined : hintOf(form.values, one);
  return (
    <Field label={name} hint={hint} problem={form.problems[name]}>
      {(control) => {
        if (every) return <output id={control.id}>{every.map(settingText).join(', ')}</output>;
        const drawn = isRandom(form.values) && of.type !== 'integers';
        return (
          <div class="row drawn">
            {isDrawn(form.values, one) ? (
              <Range form={form} one={one} control={control} />
            ) : (
              <input {...control} {...form.control(partOf(name, 'values'))} class="control grow" />
            )}
            {drawn && <Draw form={form} one={one} />}
          </div>
        );
      }}
    </Field>
  );
}

function hintOf(values: TrainingValues, one: Hyperparameter): string {
  const [name, { type }] = one;
  if (type === 'integers') return t('sweep.listsHint');
  if (!isDrawn(values, one)) return t('sweep.valuesHint');
  const key = `hyper.${name}`;
  return isKey(key) ? plain(key) : '';
}

const Range = ({ form, one: [name], control }: VariedProps & { control: Control }) => {
  const input = { type: 'number', inputMode: 'decimal', step: 'any' } as const;
  return (
    <>
      <input
        {...control}
        {...form.control(partOf(name, 'min'))}
        {...input}
        aria-label={t('sweep.from', { name })}
      />
      <span aria-hidden="true">–</span>
      <input
        {...form.control(partOf(name, 'max'))}
        {...input}
        class="control"
        aria-label={t('sweep.to', { name })}
        aria-invalid={control['aria-invalid']}
      />
    </>
  );
};

const draws = ['linear', 'log', 'values'] as const;
const Draw = ({ form, one: [name] }: VariedProps) => (
  <Select
    label={t('sweep.drawn', { name })}
    value={form.values[partOf(name, 'draw')] ?? 'linear'}
    onChange={(to) => form.set(partOf(name, 'draw'), to)}
  >
    {draws.map((draw) => (
      <option key={draw} value={draw}>
        {t(`sweep.draw.${draw}`)}
      </option>
    ))}
  </Select>
);
