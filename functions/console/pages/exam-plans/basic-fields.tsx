import { examType } from '#shared/contracts/exam-shapes.ts';
import { testing } from '../../app/testing-api.ts';
import { useClasses } from '../../data/classes.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Check } from '../../ui/check.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Area, Choice, DateInput, TextInput } from '../teaching/inputs.tsx';
import { ChoiceField, NumberField, Section, TickField } from './form-parts.tsx';
import type { PlanForm } from './plan-editor.tsx';

const usePublishedBanks = () =>
  useResource('banks.published', (signal) =>
    everyPage((page) =>
      testing.banks.listItemBanks({ query: { published: 'true', limit: 100, ...page }, signal }),
    ),
  );

interface BasicFieldsProps {
  readonly form: PlanForm;
  readonly zone: string;
  readonly isReleased: boolean;
}
/** What the test is, of what, for whom and when. */
export function BasicFields({ form, zone, isReleased }: BasicFieldsProps) {
  const { draft } = form;
  const banks = usePublishedBanks().data;
  return (
    <Section title={t('plan.basics')}>
      <TextInput
        label={t('plan.name')}
        value={draft.name}
        problem={form.problem('name')}
        onInput={(name) => form.set({ name })}
      />
      <div class="two">
        {isReleased ? null : (
          <ChoiceField
            form={form}
            name="exam_type"
            label={t('plan.typeLabel')}
            options={examType.options.map((type) => [type, t(`examType.${type}`)])}
          />
        )}
        {isReleased ? null : (
          <Choice
            label={t('plan.bank')}
            {...(banks?.length === 0 && { hint: t('plan.noBank') })}
            value={draft.bank_id}
            problem={form.problem('bank_id')}
            onInput={(bank_id) => form.set({ bank_id })}
          >
            <option value="">{t('plan.chooseBank')}</option>
            {banks?.map(({ bank_id, name }) => (
              <option key={bank_id} value={bank_id}>
                {name}
              </option>
            ))}
          </Choice>
        )}
      </div>
      <ClassChoice form={form} />
      <div class="two">
        {(['opens_at', 'closes_at'] as const).map((name) => (
          <DateInput
            key={name}
            label={t(name === 'opens_at' ? 'plan.opens' : 'plan.closes')}
            hint={name === 'opens_at' ? t('assign.opensHint') : t('plan.closesHint', { zone })}
            problem={form.problem(name)}
            optional
            value={draft[name]}
            onInput={(value) => form.set({ [name]: value })}
          />
        ))}
      </div>
      <Area
        label={t('plan.description')}
        optional
        rows={2}
        value={draft.description}
        problem={form.problem('description')}
        onInput={(description) => form.set({ description })}
      />
    </Section>
  );
}

function ClassChoice({ form }: { form: PlanForm }) {
  const { data } = useClasses();
  const { class_ids } = form.draft;
  const problem = form.problem('class_ids');
  return (
    <fieldset class="group field">
      <legend class="field-label">{t('plan.whoTakes')}</legend>
      {data?.length === 0 && <p class="muted">{t('plan.noClasses')}</p>}
      <div class="check-list">
        {data?.map(({ class_id, name }) => (
          <Check
            key={class_id}
            label={name}
            checked={class_ids.includes(class_id)}
            onChange={(checked) =>
              form.set({
                class_ids: checked ? [...class_ids, class_id] : class_ids.filter((id) => id !== class_id),
              })
            }
          />
        ))}
      </div>
      {problem !== undefined && (
        <p class="problem">
          <Icon name="alert" size={16} />
          {problem}
        </p>
      )}
    </fieldset>
  );
}

/** How long it takes at most, and how sure its result is. */
export const PrecisionFields = ({ form }: { form: PlanForm }) => (
  <Section title={t('plan.precision')}>
    <div class="fields">
      <NumberField form={form} name="max_items" label={t('plan.maxItems')} />
      <NumberField form={form} name="se" label={t('plan.se')} hint={t('plan.seHint')} />
      <NumberField form={form} name="min_items" label={t('plan.minItems')} hint={t('plan.minItemsHint')} />
      <NumberField form={form} name="time_limit_min" label={t('plan.time')} hint={t('plan.timeHint')} />
      <NumberField
        form={form}
        name="item_time_limit_s"
        label={t('plan.itemTime')}
        hint={t('plan.itemTimeHint')}
      />
      <NumberField
        form={form}
        name="max_sessions"
        label={t('plan.maxSessions')}
        hint={t('plan.maxSessionsHint')}
      />
      <NumberField
        form={form}
        name="min_days_between"
        label={t('plan.daysBetween')}
        hint={t('plan.noLimit')}
      />
    </div>
  </Section>
);

/** What students, and their guardians, learn of it. */
export const FeedbackFields = ({ form }: { form: PlanForm }) => (
  <Section title={t('plan.feedback')}>
    <div class="two">
      <ChoiceField
        form={form}
        name="when"
        label={t('plan.when')}
        options={(['after_session', 'never'] as const).map((when) => [when, t(`plan.when.${when}`)])}
      />
      {form.draft.when !== 'never' && (
        <ChoiceField
          form={form}
          name="show"
          label={t('plan.show')}
          options={(['band', 'score', 'theta'] as const).map((show) => [show, t(`plan.show.${show}`)])}
        />
      )}
    </div>
    {form.draft.when !== 'never' && (
      <TickField
        form={form}
        name="show_answers"
        label={t('plan.showAnswers')}
        hint={t('plan.showAnswersHint')}
      />
    )}
  </Section>
);
