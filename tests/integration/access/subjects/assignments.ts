import type { assignmentOperations } from '#shared/contracts/assignments.ts';
import { anExercise } from '#tests/support/exercises.ts';
import type { Asked, Subjects } from '../subject.ts';

async function given({ cast, whose }: Asked): Promise<{ class_id: string; exercise_id: string }> {
  const { org_id, class_id, teacher } = cast.circles[whose];
  const { exercise_id } = await anExercise(cast.school.table, { org_id, by: teacher.user_id });
  return { class_id, exercise_id };
}

async function anAssignment(asked: Asked): Promise<string> {
  const { teacher } = asked.cast.circles[asked.whose];
  const { assignment_id } = await teacher.code.createAssignment({ body: await given(asked) });
  return assignment_id;
}

const params = async (asked: Asked) => ({ params: { assignment_id: await anAssignment(asked) } });

type Operations = Omit<typeof assignmentOperations, 'startSimilarity' | 'getSimilarity'>;

export const assignmentSubjects: Subjects<Operations> = {
  createAssignment: {
    reach: 'object',
    refused: [400],
    request: async (asked) => ({ body: await given(asked) }),
  },
  listAssignments: {
    reach: 'list',
    request: async (asked) => {
      await anAssignment(asked);
      return { query: { class_id: asked.cast.circles[asked.whose].class_id } };
    },
    lists: ({ items }) => items.length > 0,
  },
  getAssignment: { reach: 'object', request: params },
  updateAssignment: {
    reach: 'object',
    request: async (asked) => ({ ...(await params(asked)), body: { cooldown_s: 60 } }),
  },
  deleteAssignment: { reach: 'object', request: params },
  assignmentProgress: { reach: 'object', request: params },
  putExtension: {
    reach: 'object',
    request: async (asked) => ({
      params: {
        assignment_id: await anAssignment(asked),
        student_id: asked.cast.circles[asked.whose].student.user_id,
      },
      body: { extra_attempts: 1 },
    }),
  },
};
