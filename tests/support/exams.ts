/** Plans of adaptive tests as teachers release them, written past the API, and students who take them through it. */
import type * as z from 'zod';
import type { AnswerAccepted, ExamSession } from '#shared/contracts/exam-sessions.ts';
import { examConfig, examFeedback } from '#shared/contracts/exam-shapes.ts';
import { newPlan, releasing, simulatePlan, simulationWrites } from '#shared/exams/plans.ts';
import { uuidv7 } from '#shared/ids.ts';
import { type ExamPlanRecord, examPlans } from '#shared/table/exam-plan.ts';
import type { ItemRecord } from '#shared/table/item.ts';
import type { Person, School } from './school.ts';
import { aBank, objectsOf } from './testing.ts';

export interface PlanOptions extends Partial<Omit<ExamPlanRecord, 'config' | 'feedback'>> {
  readonly org_id: string;
  readonly by: string;
  readonly class_ids: string[];
  readonly bank_id: string;
  readonly config?: z.input<typeof examConfig>;
  readonly feedback?: z.input<typeof examFeedback>;
  /** Default: simulated and released. */
  readonly released?: boolean;
}

/** Six items at most, so that tests are short; everything else as it is by default. */
export const shortTest = { stop: { max_items: 6, min_items: 2, se: null } } as const;

export async function aPlan(
  school: Pick<School, 'table' | 'bucket'>,
  {
    org_id,
    by,
    class_ids,
    bank_id,
    config = shortTest,
    feedback = {},
    released = true,
    ...more
  }: PlanOptions,
): Promise<ExamPlanRecord> {
  const { table } = school;
  const world = { table, objects: await objectsOf(school), now: () => new Date() };
  const fields = {
    plan_id: uuidv7(),
    org_id,
    name: 'Placement',
    description: null,
    exam_type: 'practice' as const,
    bank_id,
    bank_name: 'Arithmetic',
    class_ids,
    opens_at: null,
    closes_at: null,
    max_sessions: null,
    min_days_between: null,
    config: examConfig.parse(config),
    feedback: examFeedback.parse(feedback),
  };
  const draft = { ...newPlan(fields, { by, at: new Date().toISOString() }), ...more };
  await table.write(table.insert(examPlans, draft));
  if (!released) return draft;
  const simulation = await simulatePlan(world, draft, { simulees: 100, seed: 1, theta: { mean: 0, sd: 1 } });
  await table.write(...simulationWrites(world, draft, simulation));
  const simulated = await table.get(examPlans, draft, { consistent: true });
  if (!simulated) throw new Error('the plan that was just written is gone');
  const { plan, writes } = await releasing(world, simulated, { by });
  await table.write(...writes);
  return plan;
}

export type AnExam = Awaited<ReturnType<typeof anExam>>;

/** A class whose students may take a test of a bank. */
export async function anExam(
  school: School,
  options: Partial<PlanOptions> & {
    readonly students?: number;
    readonly items?: Parameters<typeof aBank>[1]['items'];
  } = {},
) {
  const { students: count = 1, items = 12, ...plan } = options;
  const { teacher, students, class_id } = await school.withClass({ students: count });
  const of = { org_id: teacher.org_id, by: teacher.user_id };
  const bank = await aBank(school, { ...of, items });
  const released = await aPlan(school, { ...of, class_ids: [class_id], bank_id: bank.bank_id, ...plan });
  const keys = new Map(bank.items.map((item) => [item.item_id, item]));
  const [student] = students;
  if (!student) throw new Error('an exam needs a student');
  const start = (by: Person = student) =>
    by.testing.startExamSession({
      body: { class_id, exam_type: released.exam_type, plan_id: released.plan_id },
    });
  return { school, teacher, students, student, class_id, bank, plan: released, itemOf: keys, start };
}

/** The right answer to an item, or one that is wrong. */
export function answerTo(item: ItemRecord | undefined, right: boolean): number {
  if (item?.kind !== 'choice') throw new Error('only choices are answered here');
  return right ? item.key : (item.key + 1) % item.options.length;
}

export interface Taken {
  readonly session: ExamSession;
  readonly replies: AnswerAccepted[];
}

/** Takes a whole test, from where it stands, and looks at its result; `right` says how the n-th answer is to be. */
export async function take(
  exam: AnExam,
  student: Person,
  exam_session_id: string,
  right: (n: number) => boolean = (n) => n % 2 === 0,
): Promise<AnswerAccepted[]> {
  const replies: AnswerAccepted[] = [];
  const { item, progress } = await student.testing.nextExamItem({ params: { exam_session_id } });
  let pending = item;
  for (let n = progress.answered; pending !== null; n++) {
    const { item_id } = pending;
    const reply = await student.testing.createAttempt({
      body: {
        exam_session_id,
        item_id,
        selected_choice: answerTo(exam.itemOf.get(item_id), right(n)),
        response_time_ms: 1000,
      },
    });
    replies.push(reply);
    pending = reply.next_item;
  }
  await student.testing.getExamSession({ params: { exam_session_id } });
  return replies;
}
