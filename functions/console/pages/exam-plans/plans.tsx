import { type ExamPlan, examPlanOperations, planStatus } from '#shared/contracts/exam-plans.ts';
import { place, setQuery } from '../../app/location.ts';
import { may } from '../../app/session.ts';
import { testing } from '../../app/testing-api.ts';
import { useClasses } from '../../data/classes.ts';
import { useList } from '../../data/list.ts';
import '../../i18n/exam-plans.ts';
import { t } from '../../i18n/index.ts';
import { LinkButton } from '../../ui/button.tsx';
import { ClassSelect } from '../../ui/class-select.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/words.tsx';

/** Plans of adaptive tests. */
export function ExamPlans() {
  const { query } = place.value;
  const status = planStatus.options.find((one) => one === query.get('status'));
  const class_id = query.get('class') ?? '';
  const list = useList<ExamPlan>(`plans.${status ?? ''}.${class_id}`, (page, signal) =>
    testing.plans.listExamPlans({
      query: { ...(status && { status }), ...(class_id !== '' && { class_id }), ...page },
      signal,
    }),
  );
  const classes = useClasses().data ?? [];
  const names = new Map(classes.map((one) => [one.class_id, one.name]));
  const create = may(examPlanOperations.createExamPlan) && (
    <LinkButton href="/exam-plans/new" kind="primary" icon="plus">
      {t('plans.new')}
    </LinkButton>
  );
  return (
    <>
      <PageHead title={t('nav.examPlans')} lead={t('plans.lead')}>
        {create}
      </PageHead>
      <div class="toolbar">
        <ClassSelect
          label={t('plans.class')}
          classes={classes}
          none={t('plans.allClasses')}
          value={class_id}
          onChange={(value) => setQuery('class', value)}
        />
        <Select label={t('plan.status')} value={status ?? ''} onChange={(value) => setQuery('status', value)}>
          <option value="">{t('plans.anyStatus')}</option>
          {planStatus.options.map((one) => (
            <option key={one} value={one}>
              {t(`plan.status.${one}`)}
            </option>
          ))}
        </Select>
      </div>
      <ListCard
        list={list}
        empty={
          <Empty icon="gauge" title={t('plans.empty')} text={t('plans.emptyText')}>
            {create}
          </Empty>
        }
      >
        {(plans) => <PlanTable plans={plans} names={names} />}
      </ListCard>
    </>
  );
}

export const PlanBadge = ({ status }: Pick<ExamPlan, 'status'>) => (
  <span class={`badge ${status === 'released' ? 'good' : ''}`}>{t(`plan.status.${status}`)}</span>
);

interface PlanTableProps {
  readonly plans: readonly ExamPlan[];
  readonly names: ReadonlyMap<string, string>;
}
const PlanTable = ({ plans, names }: PlanTableProps) => (
  <Table
    label={t('nav.examPlans')}
    items={plans}
    keyOf={({ plan_id }) => plan_id}
    columns={[
      {
        label: t('plan.plan'),
        role: 'lead',
        cell: ({ plan_id, name, exam_type }) => (
          <span class="cell-main">
            <span>
              <a class="row-link" href={`/exam-plans/${plan_id}`}>
                {name}
              </a>
              <small>{t(`examType.${exam_type}`)}</small>
            </span>
          </span>
        ),
      },
      { label: t('plan.status'), cell: ({ status }) => <PlanBadge status={status} /> },
      {
        label: t('plan.classes'),
        cell: ({ class_ids }) => class_ids.map((id) => names.get(id) ?? '…').join(', ') || '–',
      },
      { label: t('plan.bank'), cell: ({ bank_name }) => bank_name },
      { label: t('plan.length'), role: 'end', cell: ({ max_items }) => t('plan.lengthIs', { n: max_items }) },
      { label: t('bank.changed'), role: 'end', cell: ({ updated_at }) => <Ago at={updated_at} /> },
    ]}
  />
);
