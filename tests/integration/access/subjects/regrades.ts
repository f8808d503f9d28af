import type { regradeOperations } from '#shared/contracts/regrades.ts';
import { jobs } from '#shared/jobs/job.ts';
import { anExercise } from '#tests/support/exercises.ts';
import type { Asked, Subjects } from '../subject.ts';

/** An assignment of the circle's class; whose teacher may grade it again. */
async function given({ cast, whose }: Asked): Promise<{ exercise_id: string; assignment_id: string }> {
  const { org_id, class_id, teacher } = cast.circles[whose];
  const { exercise_id } = await anExercise(cast.school.table, { org_id, by: teacher.user_id });
  const { assignment_id } = await teacher.code.createAssignment({ body: { class_id, exercise_id } });
  return { exercise_id, assignment_id };
}

async function aRegrade(asked: Asked) {
  const { teacher } = asked.cast.circles[asked.whose];
  return teacher.code.createRegrade({ body: await given(asked) });
}

const params = async (asked: Asked) => ({
  params: { regrade_id: (await aRegrade(asked)).regrade_id },
});

export const regradeSubjects: Subjects<typeof regradeOperations> = {
  createRegrade: {
    reach: 'object',
    refused: [400],
    request: async (asked) => ({ body: await given(asked) }),
  },
  listRegrades: {
    reach: 'list',
    request: async (asked) => ({ query: { exercise_id: (await aRegrade(asked)).exercise_id } }),
    lists: ({ items }) => items.length > 0,
  },
  getRegrade: { reach: 'object', request: params },
  listRegradeRows: { reach: 'object', request: params },
  applyRegrade: {
    reach: 'object',
    request: async (asked) => {
      const { regrade_id, job_id } = await aRegrade(asked);
      const { table } = asked.cast.school;
      const job = await table.get(jobs, { job_id }, { consistent: true });
      if (job?.kind !== 'regrade') throw new Error('the regrade has no job');
      await table.write(table.put(jobs, { ...job, state: 'succeeded', outcome: 'previewed' }));
      return { params: { regrade_id }, body: {} };
    },
  },
};
