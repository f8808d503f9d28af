import { t } from '../../i18n/index.ts';
import { Folded, Group, NumberField, TickField } from './form-parts.tsx';
import type { PlanForm } from './plan-editor.tsx';

/** How the items are spread over the students. */
export const ExposureFields = ({ form }: { form: PlanForm }) => (
  <Folded title={t('plan.exposure')} note={t('plan.exposureNote')}>
    <TickField form={form} name="randomesque" label={t('plan.randomesque')} />
    {form.draft.randomesque && (
      <div class="fields">
        <NumberField form={form} name="random_size" label={t('plan.randomSize')} />
        <NumberField
          form={form}
          name="random_items"
          label={t('plan.randomItems')}
          hint={t('plan.randomItemsHint')}
        />
      </div>
    )}
    <Group title={t('simulate.share')}>
      <NumberField form={form} name="r_max" label={t('plan.rMax')} hint={t('plan.shareHint')} />
      <NumberField form={form} name="eligibility" label={t('plan.eligibility')} hint={t('plan.shareHint')} />
      <NumberField form={form} name="target" label={t('plan.target')} hint={t('plan.targetHint')} />
      {form.draft.target.trim() !== '' && (
        <NumberField form={form} name="target_from" label={t('plan.targetFrom')} />
      )}
    </Group>
  </Folded>
);
