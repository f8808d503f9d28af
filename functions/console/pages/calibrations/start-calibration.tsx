import { type CalibrationRequest, difBy } from '#shared/contracts/calibrations.ts';
import { examType } from '#shared/contracts/exam-shapes.ts';
import type { ItemBank } from '#shared/contracts/item-banks.ts';
import { calibratedModels, linkMethods } from '#shared/domain/irt/names.ts';
import { navigate } from '../../app/location.ts';
import { testing } from '../../app/testing-api.ts';
import { toast } from '../../app/toasts.ts';
import { instantOf } from '../../app/zone.ts';
import { useClasses } from '../../data/classes.ts';
import { t } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { type Form, useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Select } from '../../ui/select.tsx';
import { useSchoolZone } from '../teaching/school-time.ts';
import { numberOf } from '../teaching/typed-numbers.ts';

const usual = {
  mode: 'fixed',
  model: '2PL',
  link: '',
  from: '',
  min_answers: '300',
  max_se_b: '0.25',
  min_fit_p: '0.01',
  by: '',
  reference: '',
  focal: '',
};
type Values = typeof usual;
const modes = ['fixed', 'free'] as const;

/** What to calibrate, by which model, and what an item has to pass. */
export function StartCalibration({ bank, onClose }: { bank: ItemBank; onClose: () => void }) {
  const zone = useSchoolZone();
  const form = useForm(usual, {
    submit: async (values, idempotency_key) => {
      const body = bodyOf(bank.bank_id, values, zone);
      const made = await testing.calibrations.createCalibration({ body, idempotency_key });
      toast('good', t('calibrations.started'));
      onClose();
      navigate(`/calibrations/${made.calibration_id}`);
    },
  });
  const { values } = form;
  const mode = modes.find((one) => one === values.mode) ?? 'fixed';
  return (
    <Dialog title={t('calibrations.startTitle', { name: bank.name })} onClose={onClose}>
      <DialogForm form={form} action={t('calibrations.start')} onClose={onClose}>
        <Pick
          form={form}
          name="mode"
          label={t('calibrations.mode')}
          hint={t(`calibrations.modeHint.${mode}`)}
          options={modes.map((one) => [one, t(`calibrations.mode.${one}`)])}
        />
        <div class="two">
          <Pick
            form={form}
            name="model"
            label={t('calibrations.model')}
            options={calibratedModels.map((one) => [one, one])}
          />
          {mode === 'free' && (
            <Pick
              form={form}
              name="link"
              label={t('calibrations.link')}
              options={[
                ['', t('calibrations.link.none')],
                ...linkMethods.map((one) => [one, t(`calibrations.link.${one}`)] as const),
              ]}
            />
          )}
        </div>
        <Field label={t('calibrations.from')} hint={t('calibrations.fromHint')} problem={form.problems.from}>
          {(control) => <input {...control} {...form.control('from')} type="datetime-local" />}
        </Field>
        <details class="disclosure">
          <summary>
            <Icon name="chevron" size={16} />
            {t('calibrations.gates')}
          </summary>
          <div class="fields">
            <Typed form={form} name="min_answers" label={t('calibrations.minAnswers')} />
            <Typed form={form} name="max_se_b" label={t('calibrations.maxSeB')} />
            <Typed form={form} name="min_fit_p" label={t('calibrations.minFit')} />
          </div>
        </details>
        <Groups form={form} />
      </DialogForm>
    </Dialog>
  );
}

function bodyOf(bank_id: string, values: Values, zone: string): CalibrationRequest {
  const { mode, model, link, from, by, reference, focal } = values;
  const since = instantOf(from, zone);
  // the server answers with the problem of each field
  return {
    bank_id,
    mode,
    model,
    ...(since !== null && { from: since }),
    link: link === '' || mode !== 'free' ? null : { method: link, anchor: 'all' },
    dif: by === '' ? null : { by, reference, focal },
    gates: {
      min_answers: numberOf(values.min_answers),
      max_se_b: numberOf(values.max_se_b),
      min_fit_p: numberOf(values.min_fit_p),
    },
  } as unknown as CalibrationRequest;
}

/** Whether an item is as hard for one group as for another of the same ability. */
function Groups({ form }: { form: Form<Values> }) {
  const classes = useClasses().data ?? [];
  const { by } = form.values;
  const known =
    by === 'class'
      ? classes.map(({ class_id, name }) => [class_id, name] as const)
      : examType.options.map((type) => [type, t(`examType.${type}`)] as const);
  const groups = [
    ['reference', t('calibrations.dif.reference')],
    ['focal', t('calibrations.dif.focal')],
  ] as const;
  return (
    <>
      <Pick
        form={form}
        name="by"
        label={t('calibrations.dif')}
        options={[
          ['', t('calibrations.dif.none')],
          ...difBy.map((one) => [one, t(`calibrations.dif.${one}`)] as const),
        ]}
      />
      {by !== '' && (
        <div class="two">
          {groups.map(([name, label]) =>
            by === 'grade' ? (
              <Typed key={name} form={form} name={name} label={label} />
            ) : (
              <Pick key={name} form={form} name={name} label={label} options={[['', '–'], ...known]} />
            ),
          )}
        </div>
      )}
    </>
  );
}

interface NamedProps {
  readonly form: Form<Values>;
  readonly name: keyof Values;
  readonly label: string;
  readonly hint?: string;
}
const Typed = ({ form, name, label, hint }: NamedProps) => (
  <Field label={label} hint={hint} problem={form.problems[name]}>
    {(control) => <input {...control} {...form.control(name)} inputMode="decimal" autoComplete="off" />}
  </Field>
);

interface PickProps extends NamedProps {
  readonly options: readonly (readonly [value: string, label: string])[];
}
const Pick = ({ form, name, label, hint, options }: PickProps) => (
  <Field label={label} hint={hint} problem={form.problems[name]}>
    {({ class: _, ...control }) => (
      <Select {...control} name={name} value={form.values[name]} onChange={(value) => form.set(name, value)}>
        {options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </Select>
    )}
  </Field>
);
