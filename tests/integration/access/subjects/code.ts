import type { codeContract } from '#shared/contracts/code.ts';
import { uuidv7 } from '#shared/ids.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { newGrading } from '#shared/jobs/job.ts';
import { inTurn } from '#shared/jobs/turn.ts';
import type { Asked, Subjects } from '../subject.ts';

const unlimited = { max_runs_per_student: 10_000, runs_per_minute: 10_000 };

/** A waiting run of the caller's, or of somebody else: staff do not reach the runs of their students either. */
async function aRun({ cast, caller, whose }: Asked): Promise<{ params: { execution_id: string } }> {
  const { student } = cast.circles[whose];
  const owner = whose === 'own' ? caller : student;
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
  getExecution: { reach: 'object', request: aRun },
  cancelExecution: { reach: 'object', request: aRun },
};
