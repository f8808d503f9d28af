import type { ExamPlan } from '#shared/contracts/exam-plans.ts';
import { useClasses } from '../../data/classes.ts';
import { number, t } from '../../i18n/index.ts';
import { type Labelled, RulesCard } from '../../ui/facts.tsx';
import { dateText, useSchoolZone } from '../teaching/school-time.ts';

/** The rules in one line each. */
export function PlanRules({ plan }: { plan: ExamPlan }) {
  const zone = useSchoolZone();
  const classes = useClasses().data ?? [];
  const names = plan.class_ids.map((id) => classes.find(({ class_id }) => class_id === id)?.name ?? '…');
  const facts: Labelled[] = [
    [t('plan.classes'), names.join(', ') || '–'],
    [t('plan.dates'), datesText(plan, zone)],
    [t('plan.stopRule'), stopText(plan)],
    [
      t('plan.timeIs'),
      plan.time_limit_s === null ? '–' : t('plan.minutes', { n: number(plan.time_limit_s / 60, 1) }),
    ],
    [
      t('plan.when'),
      plan.feedback.when === 'never' ? t('plan.when.never') : t(`plan.show.${plan.feedback.show}`),
    ],
  ];
  return <RulesCard facts={facts} label={t('plan.rules')} />;
}

function datesText({ opens_at, closes_at }: ExamPlan, zone: string): string {
  if (opens_at === null && closes_at === null) return t('plan.datesAlways');
  if (closes_at === null) return t('plan.datesFrom', { from: dateText(opens_at ?? '', zone) });
  if (opens_at === null) return t('plan.datesUntil', { until: dateText(closes_at, zone) });
  return t('plan.datesBoth', { from: dateText(opens_at, zone), until: dateText(closes_at, zone) });
}

function stopText({ config, max_items }: ExamPlan): string {
  const se = config?.stop.se ?? null;
  return se === null
    ? t('plan.stopAfter', { max: max_items })
    : t('plan.stopAt', { se: number(se, 2), max: max_items });
}
