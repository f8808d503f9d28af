import { type Cell, type Column, untouched } from '#shared/domain/results/gradebook.ts';
import { classPlans, type ExamPlanRecord, examPlans } from '#shared/table/exam-plan.ts';
import { type ExamSessionRecord, examSessions } from '#shared/table/exam-session.ts';
import type { World } from '../world.ts';

/** A column of tests: of a plan, or of a type where results came without one. */
export interface ClassExam {
  readonly column: Column;
  readonly sessions: readonly ExamSessionRecord[];
}

/** What a class took or may take, the newest sessions first. */
export async function examsOf({ table }: World, class_id: string): Promise<ClassExam[]> {
  const [sessions, given] = await Promise.all([
    table.queryAll(examSessions, { index: 'gsi2', pk: `class#${class_id}#exams`, backwards: true }),
    table.queryAll(classPlans, { pk: `class#${class_id}`, prefix: 'plan#' }),
  ]);
  const byId = Map.groupBy(sessions, ({ plan_id, exam_type }) => plan_id ?? exam_type);
  const plan_ids = new Set([...given, ...sessions].flatMap(({ plan_id }) => plan_id ?? []));
  const plans = new Map(
    (
      await table.getMany(
        examPlans,
        [...plan_ids].map((plan_id) => ({ plan_id })),
      )
    ).flatMap((plan) => (plan ? [[plan.plan_id, plan] as const] : [])),
  );
  return [...new Set([...plan_ids, ...byId.keys()])].map((id) => {
    const taken = byId.get(id) ?? [];
    return { column: columnOf(id, plans.get(id), taken[0]), sessions: taken };
  });
}

const columnOf = (
  id: string,
  plan: ExamPlanRecord | undefined,
  session: ExamSessionRecord | undefined,
): Column => ({
  kind: 'exam',
  id,
  title: plan?.name ?? session?.plan_name ?? id,
  opens_at: plan?.opens_at ?? null,
  due_at: plan?.closes_at ?? null,
  scale: 'scaled',
});

/** The newest completed session counts, else one that runs; one given up is as good as none. */
function examCell(sessions: readonly ExamSessionRecord[], due_at: string | null, at: string): Cell {
  const running = sessions.some(({ status }) => status === 'in_progress');
  const completed = sessions.find(({ status }) => status === 'completed');
  if (!running && !completed) return untouched(due_at, at);
  return { value: completed?.score ?? null, status: running ? 'in_progress' : 'done', late: false };
}

export function examColumns(world: World, exams: readonly ClassExam[], student_ids: readonly string[]) {
  const at = world.now().toISOString();
  return exams.map(({ column, sessions }) => {
    const byStudent = Map.groupBy(sessions, ({ student_id }) => student_id);
    const cells = new Map(
      student_ids.map((id) => [id, examCell(byStudent.get(id) ?? [], column.due_at, at)] as const),
    );
    return { column, cells };
  });
}
