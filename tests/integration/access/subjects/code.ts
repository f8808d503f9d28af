import type { codeContract } from '#shared/contracts/code.ts';
import { uuidv7 } from '#shared/ids.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { newGrading } from '#shared/jobs/job.ts';
import { inTurn } from '#shared/jobs/turn.ts';
import type { Asked, Question, Subjects } from '../subject.ts';

const unlimited = { max_runs_per_student: 10_000, runs_per_minute: 10_000 };

/** The caller, or somebody else: staff do not reach the runs of their students either. */
const owner = ({ cast, caller, whose }: Question) => (whose === 'own' ? caller : cast.circles[whose].student);

/** A run that waits. */
async function aRun({ cast, owner }: Asked): Promise<{ params: { execution_id: string } }> {
  const world = { table: cast.school.table, now: () => new Date(), events_days: 30 };
  const job_id = uuidv7();
  await inTurn(world, owner.user_id, unlimited, ({ fair_at, write }) => {
    const job = newGrading(
      {
        kind: 'execution',
        job_id,
        owner_id: owner.user_id,
        owner_name: owner.name,
        org_id: owner.org_id,
        class_id: null,
        language: 'python',
        expires_at: Math.floor(Date.now() / 1000) + 86_400,
      },
      fair_at,
      new Date(),
    );
    return world.table.write(...newJobWrites(world, job), write);
  });
  return { params: { execution_id: job_id } };
}

export const executionSubjects: Subjects<typeof codeContract> = {
  execute: { reach: 'none', request: () => ({ body: { code: 'print(1)' } }) },
  getExecution: { reach: 'object', owner, request: aRun },
  cancelExecution: { reach: 'object', owner, request: aRun },
};
