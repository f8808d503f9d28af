import { createHash } from 'node:crypto';
import type { ExamSession, examSessionOperations } from '#shared/contracts/exam-sessions.ts';
import type { Caller, Request } from '#shared/contracts/operation.ts';
import { conflict, forbidden, invalid, unknownReference } from '#shared/errors.ts';
import { conclude } from '#shared/exams/conclude.ts';
import { readState } from '#shared/exams/settle.ts';
import { beginning, standingOf } from '#shared/exams/start.ts';
import { administers, isEnrolled, isStaffOf } from '#shared/reach.ts';
import { type ClassRecord, classes } from '#shared/table/class.ts';
import { classPlans, type ExamPlanRecord, examPlans, planTakers } from '#shared/table/exam-plan.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { type StudentRecord, students } from '#shared/table/profile.ts';
import { retried } from '#shared/table/retry.ts';
import type { Write } from '#shared/table/table.ts';
import { asItStands, headOf, refuseComputed, stateOf } from './session-access.ts';
import { viewSession } from './session-view.ts';
import { rememberState } from './sessions/remembered.ts';
import type { TestingWorld } from './world.ts';

type Start = Request<(typeof examSessionOperations)['startExamSession']>;
type Body = Start['body'];

const unknownClass = () => unknownReference('class.unknown', 'Class not found');
const unknownStudent = () => unknownReference('student.unknown', 'Student not found in this class');
const unknownPlan = () => unknownReference('exam_plan.unknown', 'Plan not found among those of this class');

/** Starts a test, or goes on with the one of the same plan that the student is in. */
export async function startExam(
  world: TestingWorld,
  caller: Caller,
  { body, idempotency_key: key }: Pick<Start, 'body' | 'idempotency_key'>,
): Promise<ExamSession> {
  refuseComputed(body);
  const max_items = mostItems(body);
  const finding = planFor(world, body);
  // who may not be here hears nothing of the class's plans
  finding.catch(() => undefined);
  const { ofClass, student } = await whoTakesIt(world, caller, body);
  const plan = await finding;
  return idempotently(
    world.table,
    { caller, operation: 'startExamSession', key, body, now: world.now() },
    (once) =>
      retried(() =>
        startOrGoOn(world, caller, {
          plan,
          once,
          given: { org_id: ofClass.org_id, class_id: ofClass.class_id, student, meta: body.meta, max_items },
        }),
      ),
    (exam_session_id) => readSession(world, caller, exam_session_id),
  );
}

interface Going {
  readonly plan: ExamPlanRecord;
  readonly once: (result_id: string) => Write[];
  readonly given: {
    readonly org_id: string;
    readonly class_id: string;
    readonly student: StudentRecord;
    readonly meta: Body['meta'];
    readonly max_items: number | undefined;
  };
}

async function startOrGoOn(
  world: TestingWorld,
  caller: Caller,
  { plan, once, given }: Going,
): Promise<ExamSession> {
  const { table } = world;
  const id = { plan_id: plan.plan_id, student_id: given.student.user_id };
  let taker = await table.get(planTakers, id, { consistent: true });
  if (taker?.running_session_id != null) {
    const running = await readState(world, taker.running_session_id);
    if (running?.state.status === 'in_progress') return readSession(world, caller, taker.running_session_id);
    // it is over, maybe just now
    if (running) await conclude(table, running);
    taker = await table.get(planTakers, id, { consistent: true });
  }
  const { refusal } = standingOf(plan, taker, world.now());
  if (refusal) throw refusal();
  const exam_session_id = world.newId();
  const { head, state, writes } = await beginning(world, plan, taker, {
    ...given,
    exam_session_id,
    seed: secretSeed(world.newId()),
    started_by: caller.user_id,
  });
  await table.write(...once(exam_session_id), ...writes);
  rememberState(table, state);
  return viewSession(caller, head, state);
}

/** 48 bits of an id that nobody is told. */
export const secretSeed = (id: string): number => createHash('sha256').update(id).digest().readUIntBE(0, 6);

async function readSession(
  world: TestingWorld,
  caller: Caller,
  exam_session_id: string,
): Promise<ExamSession> {
  const [head, state] = await Promise.all([headOf(world, exam_session_id), stateOf(world, exam_session_id)]);
  if (!head) throw new Error(`exam session ${exam_session_id} has no head`);
  return viewSession(caller, await asItStands(world, head, state), state);
}

function mostItems({ meta }: Body): number | undefined {
  const { max_items } = meta;
  if (max_items === undefined || max_items === null) return undefined;
  if (typeof max_items === 'number' && Number.isInteger(max_items) && max_items >= 1) return max_items;
  throw invalid(['body', 'meta', 'max_items'], 'must be a whole number of at least 1');
}

/** A student for themselves, staff for a student of a class that is theirs. */
async function whoTakesIt(
  { table }: TestingWorld,
  caller: Caller,
  { class_id, student_id }: Body,
): Promise<{ readonly ofClass: ClassRecord; readonly student: StudentRecord }> {
  const own = caller.role === 'student';
  if (own && student_id !== undefined && student_id !== caller.user_id)
    throw forbidden('owner_mismatch', 'One takes a test for oneself only.');
  const who = student_id ?? (own ? caller.user_id : undefined);
  if (who === undefined)
    throw invalid(['body', 'student_id'], 'must name the student who takes the test', 'missing');
  const ofClass = await table.get(classes, { class_id }, { consistent: true });
  if (!ofClass) throw unknownClass();
  const { org_id } = ofClass;
  const reached =
    own ||
    administers(caller, org_id) ||
    (caller.org_id === org_id && (await isStaffOf(table, caller, class_id)));
  if (!reached) throw unknownClass();
  const [enrolled, student] = await Promise.all([
    isEnrolled(table, class_id, who),
    table.get(students, { user_id: who }, { consistent: true }),
  ]);
  if (!enrolled || !student) throw own ? unknownClass() : unknownStudent();
  return { ofClass, student };
}

/** The plan that is named, or the class's released one of that type: of several that are open the newest. */
async function planFor(
  { table, now }: TestingWorld,
  { class_id, exam_type, plan_id }: Body,
): Promise<ExamPlanRecord> {
  if (plan_id !== undefined) {
    const plan = await table.get(examPlans, { plan_id }, { consistent: true });
    if (!plan || plan.status === 'draft' || !plan.class_ids.includes(class_id)) throw unknownPlan();
    return plan;
  }
  const refs = await table.queryAll(classPlans, { pk: `class#${class_id}`, prefix: `plan#${exam_type}#` });
  const found = await table.getMany(examPlans, refs);
  const newest = refs
    .map(({ released_at }, at) => ({ released_at, plan: found[at] }))
    .sort((a, b) => (a.released_at < b.released_at ? 1 : -1))
    .flatMap(({ plan }) => (plan?.status === 'released' ? [plan] : []));
  const at = now().toISOString();
  const isOpen = ({ opens_at, closes_at }: ExamPlanRecord) =>
    (opens_at === null || opens_at <= at) && (closes_at === null || at < closes_at);
  const plan = newest.find(isOpen) ?? newest[0];
  if (!plan) throw conflict('exam_plan.none', `This class has no released plan of type ${exam_type}.`);
  return plan;
}
