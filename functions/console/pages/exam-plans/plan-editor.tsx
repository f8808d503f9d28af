import { useMemo } from 'preact/hooks';
import type * as z from 'zod';
import { type ExamPlan, examPlanOperations } from '#shared/contracts/exam-plans.ts';
import { navigate } from '../../app/location.ts';
import { testing } from '../../app/testing-api.ts';
import { toast } from '../../app/toasts.ts';
import { useResource } from '../../data/resource.ts';
import '../../i18n/exam-plans.ts';
import { t } from '../../i18n/index.ts';
import { type Draft, useDraft } from '../../ui/draft.ts';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { WriteForm } from '../../ui/write-form.tsx';
import { useSchoolZone } from '../teaching/school-time.ts';
import { BasicFields, FeedbackFields, PrecisionFields } from './basic-fields.tsx';
import { ContentFields } from './content-fields.tsx';
import { ExpertFields } from './expert-fields.tsx';
import { ExposureFields } from './exposure-fields.tsx';
import { bodyOfPlan, draftOfPlan, newPlan, type PlanDraft } from './plan-draft.ts';
import { fieldOfPlan } from './plan-fields.ts';

export type PlanForm = Draft<PlanDraft>;
const planBody = examPlanOperations.createExamPlan.body;
type PlanBody = z.output<typeof planBody>;

/** A new plan: a name and a bank are enough. */
export function NewPlan() {
  const initial = useMemo(newPlan, []);
  return (
    <PlanEditor
      initial={initial}
      submit={async (body, idempotency_key) => {
        const made = await testing.plans.createExamPlan({ body, idempotency_key });
        toast('good', t('plan.created', { name: made.name }));
        navigate(`/exam-plans/${made.plan_id}`, { replace: true });
      }}
    />
  );
}

export const usePlan = (plan_id: string) =>
  useResource(`plan.${plan_id}`, (signal) => testing.plans.getExamPlan({ params: { plan_id }, signal }));

/** A plan that there is. */
export function EditPlan({ id }: { id: string }) {
  const zone = useSchoolZone();
  const { data, error, reload, set } = usePlan(id);
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={64} />;
  return <Existing key={`${data.version} ${zone}`} plan={data} zone={zone} onSaved={set} />;
}

interface ExistingProps {
  readonly plan: ExamPlan;
  readonly zone: string;
  readonly onSaved: (plan: ExamPlan) => void;
}
function Existing({ plan, zone, onSaved }: ExistingProps) {
  const initial = useMemo(() => draftOfPlan(plan, zone), [plan, zone]);
  return (
    <PlanEditor
      initial={initial}
      plan={plan}
      submit={async ({ bank_id, exam_type, ...body }) => {
        const saved = await testing.plans.updateExamPlan({
          params: { plan_id: plan.plan_id },
          // a release fixes what the results of the plan are about
          body: { ...body, ...(plan.release === 0 && { bank_id, exam_type }), version: plan.version },
        });
        onSaved(saved);
        const isNewTest = saved.revision > plan.revision;
        toast('good', t(isNewTest ? 'plan.needsSimulation' : 'plan.saved'));
        navigate(`/exam-plans/${plan.plan_id}`);
      }}
    />
  );
}

interface PlanEditorProps {
  readonly initial: PlanDraft;
  readonly plan?: ExamPlan;
  readonly submit: (body: PlanBody, key: string) => Promise<void>;
}
function PlanEditor({ initial, plan, submit }: PlanEditorProps) {
  const zone = useSchoolZone();
  const form = useDraft<PlanDraft, PlanBody>({
    initial,
    bodyOf: (draft) => bodyOfPlan(draft, zone),
    schema: planBody,
    fieldOf: fieldOfPlan,
    check: ({ bank_id }) => ({ bank_id: bank_id === '' && t('plan.bankMissing') }),
    submit,
  });
  const back = plan
    ? { href: `/exam-plans/${plan.plan_id}`, label: plan.name }
    : { href: '/exam-plans', label: t('nav.examPlans') };
  return (
    <>
      <PageHead title={t(plan ? 'plan.editTitle' : 'plan.newTitle')} lead={t('plan.editLead')} back={back} />
      <WriteForm form={form} isNew={plan === undefined} action={t(plan ? 'action.save' : 'plan.create')}>
        <BasicFields form={form} zone={zone} isReleased={(plan?.release ?? 0) > 0} />
        <PrecisionFields form={form} />
        <FeedbackFields form={form} />
        <ExposureFields form={form} />
        <ContentFields form={form} />
        <ExpertFields form={form} />
      </WriteForm>
    </>
  );
}
