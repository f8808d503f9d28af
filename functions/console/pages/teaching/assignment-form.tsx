import type { Assignment } from '#shared/contracts/assignments.ts';
import { reviewRule } from '#shared/contracts/assignments.ts';
import { instantOf, typedOf } from '../../app/zone.ts';
import { t } from '../../i18n/index.ts';
import { Field } from '../../ui/field.tsx';
import type { Form } from '../../ui/form.ts';
import { Select } from '../../ui/select.tsx';
import { numberOf } from './typed-numbers.ts';

const lateKinds = ['accept', 'penalty', 'refuse'] as const;

/** The rules of an assignment as typed. */
export interface RuleValues extends Record<string, string> {
  readonly opens_at: string;
  readonly due_at: string;
  readonly late: string;
  readonly percent_per_day: string;
  readonly until: string;
  readonly max_attempts: string;
  readonly cooldown_s: string;
  readonly review: string;
}

export const newRules: RuleValues = {
  opens_at: '',
  due_at: '',
  late: 'accept',
  percent_per_day: '10',
  until: '',
  max_attempts: '',
  cooldown_s: '0',
  review: 'on_request',
};

export function ruleValues({ late_policy, ...rules }: Assignment, zone: string): RuleValues {
  const penalty = late_policy.kind === 'penalty' ? late_policy : undefined;
  return {
    opens_at: typedOf(rules.opens_at, zone),
    due_at: typedOf(rules.due_at, zone),
    late: late_policy.kind,
    percent_per_day: String(penalty?.percent_per_day ?? newRules.percent_per_day),
    until: typedOf(penalty?.until ?? null, zone),
    max_attempts: String(rules.max_attempts ?? ''),
    cooldown_s: String(rules.cooldown_s),
    review: rules.review,
  };
}

export function checkRules({ opens_at, due_at, late, until }: RuleValues) {
  return {
    due_at: opens_at !== '' && due_at !== '' && opens_at >= due_at && t('assign.dueBeforeOpening'),
    until:
      late === 'penalty' && until !== '' && due_at !== '' && until <= due_at && t('assign.untilBeforeDue'),
  };
}

/** As the contract takes them; a number that is none goes as typed and comes back with its problem. */
export function rulesBody(values: RuleValues, zone: string) {
  const late_policy =
    values.late === 'penalty'
      ? {
          kind: 'penalty' as const,
          percent_per_day: Number(values.percent_per_day),
          until: instantOf(values.until, zone),
        }
      : { kind: values.late === 'refuse' ? ('refuse' as const) : ('accept' as const) };
  return {
    opens_at: instantOf(values.opens_at, zone),
    due_at: instantOf(values.due_at, zone),
    late_policy,
    // the server answers with the problem of the field
    max_attempts: values.max_attempts.trim() === '' ? null : (numberOf(values.max_attempts) as number),
    cooldown_s: numberOf(values.cooldown_s) as number,
    review: reviewRule.parse(values.review),
  };
}

interface RuleFieldsProps {
  readonly form: Form<RuleValues>;
  readonly zone: string;
}
/** When, how often, and what being late means. */
export function RuleFields({ form, zone }: RuleFieldsProps) {
  const isPenalty = form.values.late === 'penalty';
  return (
    <>
      <div class="two">
        <DateField form={form} name="opens_at" label={t('assign.opens')} hint={t('assign.opensHint')} />
        <DateField form={form} name="due_at" label={t('assign.due')} hint={t('assign.zone', { zone })} />
      </div>
      <Field label={t('assign.late')} problem={form.problems['late']}>
        {({ class: _, ...control }) => (
          <Select
            {...control}
            name="late"
            value={form.values.late}
            onChange={(late) => form.set('late', late)}
          >
            {lateKinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`assign.late.${kind}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {isPenalty && (
        <div class="two">
          <NumberField form={form} name="percent_per_day" label={t('assign.percent')} />
          <DateField form={form} name="until" label={t('assign.until')} hint={t('assign.untilHint')} />
        </div>
      )}
      <div class="two">
        <NumberField
          form={form}
          name="max_attempts"
          label={t('assign.attempts')}
          hint={t('assign.attemptsHint')}
        />
        <NumberField
          form={form}
          name="cooldown_s"
          label={t('assign.cooldown')}
          hint={t('assign.cooldownHint')}
        />
      </div>
      <Field label={t('assign.review')} hint={t(`assign.review.${form.values.review as 'never'}Hint`)}>
        {({ class: _, ...control }) => (
          <Select
            {...control}
            name="review"
            value={form.values.review}
            onChange={(review) => form.set('review', review)}
          >
            {reviewRule.options.map((rule) => (
              <option key={rule} value={rule}>
                {t(`assign.review.${rule}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  );
}

interface NamedFieldProps {
  readonly form: Form<RuleValues>;
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
}
const DateField = ({ form, name, label, hint }: NamedFieldProps) => (
  <Field label={label} hint={hint} problem={form.problems[name]} optional>
    {(control) => <input {...control} {...form.control(name)} type="datetime-local" />}
  </Field>
);
const NumberField = ({ form, name, label, hint }: NamedFieldProps) => (
  <Field label={label} hint={hint} problem={form.problems[name]}>
    {(control) => <input {...control} {...form.control(name)} inputMode="decimal" autoComplete="off" />}
  </Field>
);
