import { useSignal } from '@preact/signals';
import { type ExamPlan, examPlanOperations } from '#shared/contracts/exam-plans.ts';
import { navigate } from '../../app/location.ts';
import { may, user } from '../../app/session.ts';
import { testing } from '../../app/testing-api.ts';
import { toast } from '../../app/toasts.ts';
import { useClasses } from '../../data/classes.ts';
import { useResource } from '../../data/resource.ts';
import '../../i18n/exam-plans.ts';
import { t } from '../../i18n/index.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { usePlan } from './plan-editor.tsx';
import { PlanRules } from './plan-rules.tsx';
import { PlanStage } from './plan-stage.tsx';
import { PlanBadge } from './plans.tsx';
import { SimulationReportView } from './simulation-report.tsx';

/** May this person change it: its author, or an administrator. */
export const isOwnPlan = ({ created_by }: ExamPlan): boolean =>
  may(examPlanOperations.updateExamPlan) &&
  (created_by === user.value?.user_id || user.value?.role !== 'teacher');

/** A plan as staff see it: what it still needs, what its rules are, what a simulation says. */
export function ExamPlanPage({ id }: { id: string }) {
  const { data, error, reload, set } = usePlan(id);
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={64} />;
  return (
    <>
      <PlanHead plan={data} onChanged={set} />
      <div class="stack-l">
        <PlanStage plan={data} onChanged={set} reload={reload} />
        <PlanRules plan={data} />
        <Report key={data.simulation?.made_at} plan={data} />
      </div>
    </>
  );
}

interface PlanHeadProps {
  readonly plan: ExamPlan;
  readonly onChanged: (plan: ExamPlan) => void;
}
function PlanHead({ plan, onChanged }: PlanHeadProps) {
  const open = useSignal<'delete' | 'close' | undefined>(undefined);
  const done = () => {
    open.value = undefined;
  };
  const params = { plan_id: plan.plan_id };
  return (
    <PageHead
      title={plan.name}
      back={{ href: '/exam-plans', label: t('nav.examPlans') }}
      lead={
        <>
          <PlanBadge status={plan.status} /> {t(`examType.${plan.exam_type}`)} ·{' '}
          <a href={`/item-banks/${plan.bank_id}`}>{plan.bank_name}</a>
        </>
      }
    >
      <ClassLinks plan={plan} />
      {isOwnPlan(plan) && (
        <>
          {plan.release === 0 && (
            <Button
              kind="quiet"
              icon="trash"
              onClick={() => {
                open.value = 'delete';
              }}
            >
              {t('plan.delete')}
            </Button>
          )}
          {plan.status === 'released' && (
            <Button
              onClick={() => {
                open.value = 'close';
              }}
            >
              {t('plan.close')}
            </Button>
          )}
          <LinkButton href={`/exam-plans/${plan.plan_id}/edit`} icon="edit">
            {t('plan.edit')}
          </LinkButton>
        </>
      )}
      {open.value === 'delete' && (
        <Confirm
          title={t('plan.deleteTitle', { name: plan.name })}
          text={t('plan.deleteText')}
          action={t('plan.delete')}
          onClose={done}
          act={async () => {
            await testing.plans.deleteExamPlan({ params });
            toast('good', t('plan.deleted', { name: plan.name }));
            navigate('/exam-plans', { replace: true });
          }}
        />
      )}
      {open.value === 'close' && (
        <Confirm
          title={t('plan.closeTitle', { name: plan.name })}
          text={t('plan.closeText')}
          action={t('plan.close')}
          kind="primary"
          onClose={done}
          act={async () => {
            onChanged(await testing.plans.closeExamPlan({ params }));
            toast('good', t('plan.closed', { name: plan.name }));
          }}
        />
      )}
    </PageHead>
  );
}

/** Straight to where the class can be watched. */
function ClassLinks({ plan }: { plan: ExamPlan }) {
  const classes = useClasses().data ?? [];
  if (plan.status === 'draft') return null;
  const own = classes.filter(({ class_id }) => plan.class_ids.includes(class_id));
  return (
    <>
      {own.slice(0, 3).map(({ class_id, name }) => (
        <LinkButton key={class_id} href={`/classes/${class_id}/live`} kind="quiet">
          {t('plan.live')}: {name}
        </LinkButton>
      ))}
    </>
  );
}

function Report({ plan }: { plan: ExamPlan }) {
  const { data, error, reload } = useResource(
    `simulation.${plan.plan_id}.${plan.simulation?.made_at ?? ''}`,
    async (signal) =>
      plan.simulation === null
        ? undefined
        : testing.plans.getExamPlanSimulation({ params: { plan_id: plan.plan_id }, signal }),
  );
  if (plan.simulation === null) return null;
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={4} height={120} />;
  return <SimulationReportView plan={plan} report={data} />;
}
