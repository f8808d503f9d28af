import type { HyperparameterForm } from '#shared/domain/rl/algorithms/hyperparameter.ts';
import { isKey, plain, t } from '../../../i18n/index.ts';
import { Field } from '../../../ui/field.tsx';
import type { Form } from '../../../ui/form.ts';
import { Select } from '../../../ui/select.tsx';
import { isLinear, shownValue } from './hyperparameters.ts';
import { type Kwarg, linearToZero, scheduleField, type TrainingValues } from './training-form.ts';

type TrainingForm = Form<TrainingValues>;
type Control = Parameters<Parameters<typeof Field>[0]['children']>[0];

interface SettingProps {
  readonly form: TrainingForm;
  readonly name: string;
  readonly hint: string;
  readonly type: HyperparameterForm['type'] | Kwarg['type'];
  readonly options: readonly string[];
  readonly usual: unknown;
}

/** The setting's own name as label, since papers and libraries use it, and a sentence on what it does. */
const Setting = ({ form, name, hint, ...input }: SettingProps) => (
  <Field label={name} hint={hint} problem={form.problems[name]}>
    {(control) => (
      <div class="setting-control">
        <Input form={form} name={name} control={control} {...input} />
        {input.type === 'schedule' && <Schedule form={form} name={name} />}
      </div>
    )}
  </Field>
);

export const HyperparameterField = ({
  form,
  name,
  of: { type, options = [], default: usual },
}: {
  form: TrainingForm;
  name: string;
  of: HyperparameterForm;
}) => (
  <Setting
    form={form}
    name={name}
    hint={words(`hyper.${name}`)}
    type={type}
    options={options}
    usual={usual}
  />
);

export const KwargField = ({ form, of }: { form: TrainingForm; of: Kwarg }) => (
  <Setting
    form={form}
    name={of.name}
    hint={words(`kwarg.${of.name}`)}
    type={of.type}
    options={of.options ?? []}
    usual={of.default}
  />
);

const words = (key: string): string => (isKey(key) ? plain(key) : '');

function Input({
  form,
  name,
  control,
  type,
  options,
  usual,
}: Omit<SettingProps, 'hint'> & { control: Control }) {
  const choose = (to: string) => form.set(name, to);
  const value = form.values[name] ?? '';
  if (type === 'boolean')
    return (
      <Select {...control} name={name} value={value} onChange={choose}>
        <option value="true">{t('hyper.on')}</option>
        <option value="false">{t('hyper.off')}</option>
      </Select>
    );
  if (type === 'choice')
    return (
      <Select {...control} name={name} value={value} onChange={choose}>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </Select>
    );
  const text = { ...control, ...form.control(name), placeholder: shownValue(usual) || t('hyper.off') };
  return type === 'number' || type === 'integer' || type === 'schedule' ? (
    <input {...text} type="number" inputMode="decimal" step="any" />
  ) : (
    <input {...text} type="text" />
  );
}

function Schedule({ form, name }: { form: TrainingForm; name: string }) {
  const field = scheduleField(name);
  const given = form.values[field] ?? '';
  const line: unknown = given === '' ? undefined : JSON.parse(given);
  return (
    <label class="check small">
      <input
        type="checkbox"
        checked={given !== ''}
        onChange={({ currentTarget }) => form.set(field, currentTarget.checked ? linearToZero : '')}
      />
      {t('hyper.linear', { end: isLinear(line) ? line.end : 0 })}
    </label>
  );
}
