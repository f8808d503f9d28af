import type { catOperations } from '#shared/contracts/cat.ts';
import type { examPlanOperations } from '#shared/contracts/exam-plans.ts';
import type { examSessionOperations } from '#shared/contracts/exam-sessions.ts';
import { answerTo, aPlan } from '#tests/support/exams.ts';
import { aBank } from '#tests/support/testing.ts';
import type { Cast } from '../cast.ts';
import type { Asked, Subjects, Whose } from '../subject.ts';

/** A bank of each circle's organisation, made once. */
const banks = new WeakMap<Cast, Partial<Record<Whose, ReturnType<typeof aBank>>>>();

function bankOf({ cast, whose }: Asked) {
  const known = banks.get(cast) ?? {};
  banks.set(cast, known);
  const { org_id, teacher } = cast.circles[whose];
  known[whose] ??= aBank(cast.school, { org_id, by: teacher.user_id, items: 8 });
  return known[whose];
}

/** A plan of the circle's class and its teacher. */
async function planOf(asked: Asked, released = false) {
  const { cast, whose } = asked;
  const { org_id, teacher, class_id } = cast.circles[whose];
  const by = teacher.user_id;
  const { bank_id } = await bankOf(asked);
  return aPlan(cast.school, { org_id, by, class_ids: [class_id], bank_id, name: cast.unique(), released });
}

const plan = (released?: boolean) => async (asked: Asked) => ({
  params: { plan_id: (await planOf(asked, released)).plan_id },
});

/** Who may read a plan and not change it is told so. */
const refused = [403, 404] as const;

export const planSubjects: Subjects<typeof examPlanOperations> = {
  createExamPlan: {
    reach: 'object',
    refused: [400],
    request: async (asked) => ({
      body: {
        name: 'Test',
        exam_type: 'practice',
        bank_id: (await bankOf(asked)).bank_id,
        class_ids: [asked.cast.circles[asked.whose].class_id],
        config: { stop: { max_items: 3 } },
      },
    }),
  },
  listExamPlans: {
    reach: 'list',
    request: async (asked) => {
      await planOf(asked, true);
      return { query: { class_id: asked.cast.circles[asked.whose].class_id } };
    },
    lists: ({ items }) => items.length > 0,
  },
  getExamPlan: { reach: 'object', request: plan(true) },
  updateExamPlan: {
    reach: 'object',
    refused,
    request: async (asked) => ({ ...(await plan()(asked)), body: { description: 'Twice a year' } }),
  },
  deleteExamPlan: { reach: 'object', refused, request: plan() },
  simulateExamPlan: {
    reach: 'object',
    refused,
    request: async (asked) => ({ ...(await plan()(asked)), body: { simulees: 100 } }),
  },
  getExamPlanSimulation: { reach: 'object', request: plan(true) },
  releaseExamPlan: {
    reach: 'object',
    refused,
    request: async (asked) => ({ ...(await plan(true)(asked)), body: {} }),
  },
  closeExamPlan: { reach: 'object', refused, request: plan(true) },
};

/** A test that the circle's student has begun. */
async function sessionOf(asked: Asked): Promise<string> {
  const { student, class_id } = asked.cast.circles[asked.whose];
  const { plan_id, exam_type } = await planOf(asked, true);
  const { exam_session_id } = await student.testing.startExamSession({
    body: { class_id, exam_type, plan_id },
  });
  return exam_session_id;
}

const session = async (asked: Asked) => ({ params: { exam_session_id: await sessionOf(asked) } });

/** The answer that the circle's student would give. */
async function nextAnswer(asked: Asked) {
  const { student } = asked.cast.circles[asked.whose];
  const exam_session_id = await sessionOf(asked);
  const { item } = await student.testing.nextExamItem({ params: { exam_session_id } });
  const { items } = await bankOf(asked);
  const item_id = item?.item_id ?? '';
  const found = items.find((one) => one.item_id === item_id);
  return { exam_session_id, item_id, selected_choice: answerTo(found, true) };
}

/** A test that the circle's student has taken, with one answer. */
async function endedOf(asked: Asked): Promise<string> {
  const { student } = asked.cast.circles[asked.whose];
  const body = await nextAnswer(asked);
  await student.testing.createAttempt({ body });
  const { exam_session_id } = body;
  await student.testing.updateExamSession({ params: { exam_session_id }, body: { status: 'abandoned' } });
  return exam_session_id;
}

const attempt = async (asked: Asked) => ({ params: { attempt_id: `${await endedOf(asked)}-0` } });

export const sessionSubjects: Subjects<typeof examSessionOperations> = {
  startExamSession: {
    reach: 'object',
    refused: [400, 403],
    request: async (asked) => {
      const { student, class_id } = asked.cast.circles[asked.whose];
      const { plan_id } = await planOf(asked, true);
      return { body: { class_id, plan_id, student_id: student.user_id } };
    },
  },
  listExamSessions: {
    reach: 'list',
    request: async (asked) => {
      await sessionOf(asked);
      return { query: { student_id: asked.cast.circles[asked.whose].student.user_id } };
    },
    lists: ({ items }) => items.length > 0,
  },
  getExamSession: { reach: 'object', request: session },
  nextExamItem: { reach: 'object', request: session },
  updateExamSession: {
    reach: 'object',
    request: async (asked) => ({ ...(await session(asked)), body: { status: 'abandoned' } }),
  },
  importExamSessions: {
    reach: 'list',
    request: (asked) => {
      const { student, class_id } = asked.cast.circles[asked.whose];
      const row = {
        student_id: student.user_id,
        class_id,
        exam_type: 'midterm' as const,
        started_at: '2026-03-02T09:00:00.000Z',
        ended_at: '2026-03-02T09:40:00.000Z',
        theta: 0.5,
        external_id: asked.cast.unique(),
      };
      return { body: { sessions: [row] } };
    },
    lists: ({ created }) => created === 1,
  },
  createAttempt: {
    reach: 'object',
    request: async (asked) => ({ body: await nextAnswer(asked) }),
  },
  listAttempts: {
    reach: 'object',
    request: async (asked) => ({ query: { exam_session_id: await endedOf(asked) } }),
  },
  getAttempt: { reach: 'object', request: attempt },
  updateAttempt: {
    reach: 'object',
    request: async (asked) => ({ ...(await attempt(asked)), body: { action: 'void', reason: 'misprinted' } }),
  },
};

const asBase64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const section = (released: boolean) => async (asked: Asked) => ({
  params: { section_id: (await planOf(asked, released)).plan_id },
});

/** A session that the circle's teacher started for its student, as the other system would. */
async function catSession(asked: Asked) {
  const { student, teacher, class_id } = asked.cast.circles[asked.whose];
  const { plan_id } = await planOf(asked, true);
  const { exam_session_id } = await teacher.testing.startExamSession({
    body: { class_id, plan_id, student_id: student.user_id },
  });
  return { params: { section_id: plan_id, session_id: exam_session_id } };
}

export const catSubjects: Subjects<typeof catOperations> = {
  createCatSection: {
    reach: 'object',
    refused: [400, 404],
    request: async (asked) => {
      const { bank_id } = await bankOf(asked);
      return { body: { sectionConfiguration: asBase64({ bank_id, config: { stop: { max_items: 3 } } }) } };
    },
  },
  getCatSection: { reach: 'object', request: section(true) },
  deleteCatSection: { reach: 'object', refused, request: section(true) },
  createCatSession: {
    reach: 'object',
    refused: [400, 404],
    request: async (asked) => {
      const { student, class_id } = asked.cast.circles[asked.whose];
      const priorData = [
        { key: 'student_id', value: student.user_id },
        { key: 'class_id', value: class_id },
      ];
      return { ...(await section(true)(asked)), body: { priorData } };
    },
  },
  submitCatResults: {
    reach: 'object',
    request: async (asked) => ({ ...(await catSession(asked)), body: { assessmentResult: {} } }),
  },
  endCatSession: { reach: 'object', request: catSession },
};
