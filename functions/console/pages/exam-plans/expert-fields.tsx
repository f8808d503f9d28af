import { useSignal } from '@preact/signals';
import { criterionNames, estimatorNames } from '#shared/domain/irt/names.ts';
import { counted, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { ItemChooser } from '../item-banks/item-chooser.tsx';
import { ChoiceField, Folded, Group, NumberField, TickField } from './form-parts.tsx';
import type { PlanForm } from './plan-editor.tsx';

/** Everything that an expert may want to set. */
export const ExpertFields = ({ form }: { form: PlanForm }) => (
  <Folded title={t('plan.expert')} note={t('plan.expertNote')}>
    <EstimationFields form={form} />
    <SelectionFields form={form} />
    <StopFields form={form} />
    <Group title={t('plan.pilot')}>
      <NumberField
        form={form}
        name="pilot_count"
        label={t('plan.pilotCount')}
        hint={t('plan.pilotCountHint')}
      />
      {form.draft.pilot_count.trim() !== '' && (
        <>
          <NumberField form={form} name="pilot_first" label={t('plan.pilotFirst')} />
          <NumberField form={form} name="pilot_last" label={t('plan.pilotLast')} hint={t('plan.noLimit')} />
        </>
      )}
    </Group>
  </Folded>
);

const usesPrior: readonly string[] = ['MAP', 'EAP', 'EAPsum'];
const usesQuadrature: readonly string[] = ['EAP', 'EAPsum'];

function EstimationFields({ form }: { form: PlanForm }) {
  const used = [form.draft.method, form.draft.final_method];
  const isAny = (of: readonly string[]) => used.some((method) => of.includes(method));
  const looks = used.some((method) => method !== '' && !usesQuadrature.includes(method));
  const methods = estimatorNames.map((method) => [method, method] as const);
  return (
    <Group title={t('plan.estimation')}>
      <ChoiceField form={form} name="method" label={t('plan.method')} options={methods} />
      <ChoiceField
        form={form}
        name="final_method"
        label={t('plan.finalMethod')}
        options={[['', t('plan.finalMethod.same')], ...methods]}
      />
      <NumberField
        form={form}
        name="start_theta"
        label={t('plan.startTheta')}
        hint={t('plan.startThetaHint')}
      />
      {isAny(usesPrior) && (
        <>
          <NumberField form={form} name="prior_mean" label={t('plan.priorMean')} />
          <NumberField form={form} name="prior_sd" label={t('plan.priorSd')} />
        </>
      )}
      {isAny(usesQuadrature) && (
        <>
          <NumberField form={form} name="nodes" label={t('plan.nodes')} />
          <NumberField form={form} name="grid_min" label={t('plan.gridMin')} />
          <NumberField form={form} name="grid_max" label={t('plan.gridMax')} />
        </>
      )}
      {looks && (
        <>
          <NumberField form={form} name="bound_min" label={t('plan.boundMin')} />
          <NumberField form={form} name="bound_max" label={t('plan.boundMax')} />
        </>
      )}
    </Group>
  );
}

const stratified: readonly string[] = ['a_stratified', 'max_info_stratified'];

function SelectionFields({ form }: { form: PlanForm }) {
  const { criterion, start_items, bank_id } = form.draft;
  const choosing = useSignal(false);
  return (
    <>
      <Group title={t('plan.selection')}>
        <ChoiceField
          form={form}
          name="criterion"
          label={t('plan.criterion')}
          hint={t('plan.criterionHint')}
          options={criterionNames.map((one) => [one, one])}
        />
        {criterion === 'closest' && <NumberField form={form} name="offset" label={t('plan.offset')} />}
        {criterion === 'interval' && (
          <NumberField form={form} name="half_width" label={t('plan.halfWidth')} />
        )}
        {(criterion === 'progressive' || criterion === 'proportional') && (
          <NumberField form={form} name="acceleration" label={t('plan.acceleration')} />
        )}
        {stratified.includes(criterion) && <NumberField form={form} name="strata" label={t('plan.strata')} />}
      </Group>
      {stratified.includes(criterion) && <TickField form={form} name="blocking" label={t('plan.blocking')} />}
      <div class="row">
        <span class="field-label">
          {t('plan.startItems')}: {counted('bank.count', start_items.length)}
        </span>
        <Button
          size="small"
          disabled={bank_id === ''}
          onClick={() => {
            choosing.value = true;
          }}
        >
          {t('plan.chooseItems')}
        </Button>
        {start_items.length > 0 && (
          <Button size="small" kind="quiet" onClick={() => form.set({ start_items: [] })}>
            {t('plan.removeStartItems')}
          </Button>
        )}
      </div>
      {choosing.value && (
        <ItemChooser
          bank_id={bank_id}
          status="live"
          taken={start_items}
          onClose={() => {
            choosing.value = false;
          }}
          onTake={(items) =>
            form.set({ start_items: [...start_items, ...items.map(({ item_id }) => item_id)] })
          }
        />
      )}
    </>
  );
}

function StopFields({ form }: { form: PlanForm }) {
  const isSet = (value: string) => value.trim() !== '';
  const { class_cut, ci_bounds, sprt_cut, plateau_items } = form.draft;
  const off = t('plan.emptyOff');
  const usual = t('plan.confidenceHint');
  return (
    <Group title={t('plan.stopping')}>
      <ChoiceField
        form={form}
        name="combine"
        label={t('plan.combine')}
        options={(['any', 'all'] as const).map((one) => [one, t(`plan.combine.${one}`)])}
      />
      <NumberField form={form} name="class_cut" label={t('plan.classCut')} hint={off} />
      {isSet(class_cut) && (
        <NumberField form={form} name="class_confidence" label={t('plan.confidence')} hint={usual} />
      )}
      <NumberField form={form} name="ci_bounds" label={t('plan.ciBounds')} hint={t('plan.ciBoundsHint')} />
      {isSet(ci_bounds) && (
        <NumberField form={form} name="ci_confidence" label={t('plan.confidence')} hint={usual} />
      )}
      <NumberField form={form} name="sprt_cut" label={t('plan.sprtCut')} hint={off} />
      {isSet(sprt_cut) && (
        <>
          <NumberField form={form} name="sprt_delta" label={t('plan.sprtDelta')} />
          <NumberField form={form} name="sprt_alpha" label={t('plan.sprtAlpha')} hint={t('plan.sprtHint')} />
          <NumberField form={form} name="sprt_beta" label={t('plan.sprtBeta')} hint={t('plan.sprtHint')} />
        </>
      )}
      <NumberField form={form} name="min_information" label={t('plan.minInformation')} hint={off} />
      <NumberField form={form} name="theta_change" label={t('plan.thetaChange')} hint={off} />
      <NumberField form={form} name="plateau_items" label={t('plan.plateauItems')} hint={off} />
      {isSet(plateau_items) && (
        <NumberField form={form} name="plateau_tolerance" label={t('plan.plateauTolerance')} />
      )}
    </Group>
  );
}
