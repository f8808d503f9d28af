import type { Caller } from '#shared/contracts/operation.ts';
import { isFinal } from '#shared/domain/jobs/states.ts';
import { conflict, unauthorized } from '#shared/errors.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { type JobOf, newGrading } from '#shared/jobs/job.ts';
import { type AssignmentRecord, assignmentStandings } from '#shared/table/assignment.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { retried } from '#shared/table/retry.ts';
import { similarities } from '#shared/table/similarity.ts';
import { users } from '#shared/table/user.ts';
import { taughtAssignment } from '../access.ts';
import { requireGrader } from '../graders.ts';
import type { CodeWorld } from '../world.ts';
import { comparisonOf, readReport, type SimilarityReport } from './read.ts';

/** Queues a comparison; while one waits or runs, that is the one. */
export async function startSimilarity(
  world: CodeWorld,
  caller: Caller,
  assignment_id: string,
  key: string | undefined,
): Promise<SimilarityReport> {
  const assignment = await taughtAssignment(world, caller, assignment_id);
  const request = { caller, operation: 'similarity.start', key, body: { assignment_id }, now: world.now() };
  await idempotently(
    world.table,
    request,
    async (done) => {
      await refuseTooFew(world, assignment_id);
      await requireGrader(world);
      const owner = await world.table.get(users, caller);
      if (!owner) throw unauthorized('auth.ended', 'This account no longer exists.');
      return retried(async () => {
        const seen = await world.table.get(similarities, { assignment_id }, { consistent: true });
        const current = seen && (await comparisonOf(world, seen));
        if (current && !isFinal(current.state)) return current.job_id;
        const job = newComparison(world, caller, owner.name, assignment);
        const { job_id } = job;
        await world.table.write(
          ...newJobWrites(world, job),
          seen
            ? world.table.replace(similarities, seen, { ...seen, job_id })
            : world.table.insert(similarities, { assignment_id, job_id, report: null, version: 1 }),
          ...done(job_id),
        );
        return job_id;
      });
    },
    async (job_id) => job_id,
  );
  return readReport(world, assignment_id);
}

async function refuseTooFew({ table }: CodeWorld, assignment_id: string): Promise<void> {
  const standings = await table.queryAll(assignmentStandings, {
    pk: `assignment#${assignment_id}`,
    prefix: 'student#',
  });
  if (standings.filter(({ last_submission_id }) => last_submission_id !== null).length < 2)
    throw conflict('similarity.too_few', 'There is nothing to compare before two students have handed in.');
}

function newComparison(
  { newId, now }: CodeWorld,
  { user_id }: Caller,
  owner_name: string,
  { org_id, class_id, assignment_id }: AssignmentRecord,
): JobOf<'similarity'> {
  const at = now();
  const given = {
    kind: 'similarity',
    job_id: newId(),
    owner_id: user_id,
    owner_name,
    org_id,
    class_id,
    assignment_id,
    progress: { done: 0, total: 0 },
  } as const;
  return newGrading(given, at.toISOString(), at);
}
