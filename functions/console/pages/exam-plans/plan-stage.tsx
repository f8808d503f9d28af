import { useSignal } from '@preact/signals';
import type { ExamPlan } from '#shared/contracts/exam-plans.ts';
import { testing } from '../../app/testing-api.ts';
import { toast } from '../../app/toasts.ts';
import { counted, number, plain, t } from '../../i18n/index.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/feedback.tsx';
import { Field } from '../../ui/field.tsx';
import { type Form, useForm } from '../../ui/form.ts';
import { Icon } from '../../ui/icon.tsx';
import { numberOf } from '../teaching/typed-numbers.ts';
import { isOwnPlan } from './plan.tsx';

type Stage = 'simulate' | 'noClass' | 'release' | 'released' | 'closed';

/** What has to happen next, until the classes have it; one thing at a time. */
function stageOf({ status, simulation, revision, released_revision, class_ids }: ExamPlan): Stage {
  const isSimulated = simulation?.revision === revision;
  if (status === 'released' && released_revision === revision) return 'released';
  if (!isSimulated) return 'simulate';
  if (status === 'closed' && released_revision === revision) return 'closed';
  return class_ids.length === 0 ? 'noClass' : 'release';
}
const looks = { simulate: '', noClass: '', release: 'good', released: 'good', closed: '' } as const;
const reached = { simulate: 1, noClass: 2, release: 2, released: 3, closed: 3 } as const;

interface PlanStageProps {
  readonly plan: ExamPlan;
  readonly onChanged: (plan: ExamPlan) => void;
  readonly reload: () => void;
}

/** The way from a draft to the classes, with the one thing to do now. */
export function PlanStage({ plan, onChanged, reload }: PlanStageProps) {
  const releasing = useSignal(false);
  const stage = stageOf(plan);
  const isOwn = isOwnPlan(plan);
  const release = (
    <Button
      kind={stage === 'release' || stage === 'closed' ? 'primary' : 'plain'}
      icon="flag"
      onClick={() => {
        releasing.value = true;
      }}
    >
      {t(plan.release === 0 ? 'plan.release' : 'plan.releaseAgain')}
    </Button>
  );
  return (
    <section class="card" aria-label={t('plan.steps')}>
      <Steps done={reached[stage]} />
      <div class={`stage-box ${looks[stage]}`} role="status">
        <div class="grow">
          <strong>{t(`plan.stage.${stage}`)}</strong>
          <p class="muted">
            {stage === 'released'
              ? t('plan.stage.releasedText', { n: plan.release, version: plan.bank_version ?? 0 })
              : t(`plan.stage.${stage}Text`)}
          </p>
        </div>
        {isOwn && stage === 'noClass' && (
          <LinkButton href={`/exam-plans/${plan.plan_id}/edit`} kind="primary">
            {t('plan.edit')}
          </LinkButton>
        )}
        {isOwn && (stage === 'release' || stage === 'closed' || stage === 'released') && release}
      </div>
      {isOwn && <Simulate plan={plan} isNext={stage === 'simulate'} onSimulated={reload} />}
      {releasing.value && (
        <Release
          plan={plan}
          onChanged={onChanged}
          onClose={() => {
            releasing.value = false;
          }}
        />
      )}
    </section>
  );
}

const Steps = ({ done }: { done: number }) => (
  <ol class="steps" aria-label={t('plan.steps')}>
    {(['written', 'simulated', 'released'] as const).map((step, at) => (
      <li key={step} class={at < done ? 'done' : ''} aria-current={at === done ? 'step' : undefined}>
        <span class="step-mark" aria-hidden="true">
          {at < done ? <Icon name="check" size={14} /> : at + 1}
        </span>
        {t(`plan.step.${step}`)}
        {at < done && <span class="visually-hidden"> {t('action.done')}</span>}
      </li>
    ))}
  </ol>
);

interface SimulateProps {
  readonly plan: ExamPlan;
  readonly isNext: boolean;
  readonly onSimulated: () => void;
}
const usual = { simulees: '500', mean: '0', sd: '1', seed: '1' };

function Simulate({ plan, isNext, onSimulated }: SimulateProps) {
  const form = useForm(usual, {
    submit: async ({ simulees, mean, sd, seed }, idempotency_key) => {
      const report = await testing.plans.simulateExamPlan({
        params: { plan_id: plan.plan_id },
        body: {
          // the server answers with the problem of the field
          simulees: numberOf(simulees) as number,
          seed: numberOf(seed) as number,
          theta: { mean: numberOf(mean) as number, sd: numberOf(sd) as number },
        },
        idempotency_key,
      });
      const { summary, duration_ms } = report;
      toast('good', t('simulate.done', { n: summary.simulees, s: number(duration_ms / 1000, 1) }));
      onSimulated();
    },
  });
  return (
    <form class="card-body stack" noValidate onSubmit={form.onSubmit} aria-label={t('simulate.title')}>
      <details class="disclosure">
        <summary>
          <Icon name="chevron" size={16} />
          {t('simulate.options')}
          <span class="disclosure-note numbers">
            {form.values.simulees} · N({form.values.mean}, {form.values.sd}²)
          </span>
        </summary>
        <div class="fields">
          <TypedNumber form={form} name="simulees" label={t('simulate.students')} />
          <TypedNumber form={form} name="mean" label={t('simulate.mean')} />
          <TypedNumber form={form} name="sd" label={t('simulate.sd')} />
          <TypedNumber form={form} name="seed" label={t('simulate.seed')} hint={t('simulate.seedHint')} />
        </div>
      </details>
      <div role="status">{form.busy && <p class="muted">{t('simulate.running')}</p>}</div>
      <Failure error={form.failure} />
      <div class="row">
        <Button kind={isNext ? 'primary' : 'plain'} icon="play" submit busy={form.busy}>
          {t(plan.simulation === null ? 'simulate.action' : 'simulate.again')}
        </Button>
      </div>
    </form>
  );
}

interface TypedNumberProps {
  readonly form: Form<typeof usual>;
  readonly name: keyof typeof usual;
  readonly label: string;
  readonly hint?: string;
}
const TypedNumber = ({ form, name, label, hint }: TypedNumberProps) => (
  <Field label={label} hint={hint} problem={form.problems[name]}>
    {(control) => <input {...control} {...form.control(name)} inputMode="decimal" autoComplete="off" />}
  </Field>
);

interface ReleaseProps {
  readonly plan: ExamPlan;
  readonly onChanged: (plan: ExamPlan) => void;
  readonly onClose: () => void;
}
function Release({ plan, onChanged, onClose }: ReleaseProps) {
  const warnings = plan.simulation?.warnings ?? [];
  return (
    <Confirm
      title={t('plan.releaseTitle', { name: plan.name })}
      text={[
        counted('plan.releaseText', plan.class_ids.length),
        warnings.length > 0 &&
          t('plan.releaseWarnings', {
            warnings: warnings.map(({ code }) => plain(`simulate.warning.${code}`)).join(' '),
          }),
      ]
        .filter(Boolean)
        .join(' ')}
      action={t('plan.release')}
      kind="primary"
      onClose={onClose}
      act={async () => {
        onChanged(await testing.plans.releaseExamPlan({ params: { plan_id: plan.plan_id }, body: {} }));
        toast('good', t('plan.released', { name: plan.name }));
      }}
    />
  );
}
