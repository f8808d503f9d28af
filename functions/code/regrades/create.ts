import type * as z from 'zod';
import type { Caller } from '#shared/contracts/operation.ts';
import type { Regrade, regradeOperations } from '#shared/contracts/regrades.ts';
import { conflict, forbidden, unauthorized, unknownReference } from '#shared/errors.ts';
import { newJobWrites } from '#shared/jobs/advance.ts';
import { type JobOf, newGrading } from '#shared/jobs/job.ts';
import { administers } from '#shared/reach.ts';
import type { AssignmentRecord } from '#shared/table/assignment.ts';
import { type ExerciseRecord, exercises, versionStates } from '#shared/table/exercise.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { type RegradeRecord, regrades } from '#shared/table/regrade.ts';
import { users } from '#shared/table/user.ts';
import { taughtAssignment } from '../access.ts';
import { requireGrader } from '../graders.ts';
import type { CodeWorld } from '../world.ts';
import { reachedRegrade, viewRegrade } from './read.ts';
import { regradeTurn, underWay } from './turn.ts';

type Body = z.output<typeof regradeOperations.createRegrade.body>;

/** Queues a preview: the regrade, its job and the first event, in one transaction. */
export function createRegrade(
  world: CodeWorld,
  caller: Caller,
  body: Body,
  key: string | undefined,
): Promise<Regrade> {
  const { table, now, newId } = world;
  return idempotently(
    table,
    { caller, operation: 'regrade.create', key, body, now: now() },
    async (done) => {
      const { exercise, assignment } = await subjectOf(world, caller, body);
      const to_version = await certifiedVersion(world, exercise, body.to_version);
      await requireGrader(world);
      const record: RegradeRecord = {
        regrade_id: newId(),
        org_id: exercise.org_id,
        class_id: assignment?.class_id ?? null,
        exercise_id: exercise.exercise_id,
        assignment_id: assignment?.assignment_id ?? null,
        from_version: body.from_version ?? null,
        to_version,
        never_lower: body.never_lower,
        stage: 'preview',
        job_id: newId(),
        rises: 0,
        falls: 0,
        same: 0,
        failed: 0,
        created_by: caller.user_id,
        created_at: now().toISOString(),
        applied_at: null,
        version: 1,
      };
      const turn = await regradeTurn(world, record, underWay);
      const job = await newRegradeJob(world, caller, record);
      await table.write(
        // first: the same request twice is one regrade, and not one in the way of the other
        ...done(record.regrade_id),
        turn,
        ...newJobWrites(world, job),
        table.insert(regrades, record),
      );
      return viewRegrade(world, record);
    },
    async (id) => viewRegrade(world, await reachedRegrade(world, caller, id)),
  );
}

/** The job that previews a regrade or applies it. */
export async function newRegradeJob(
  { table, now }: CodeWorld,
  caller: Caller,
  { regrade_id, job_id, org_id, class_id, exercise_id, assignment_id }: RegradeRecord,
): Promise<JobOf<'regrade'>> {
  const owner = await table.get(users, caller);
  if (!owner) throw unauthorized('auth.ended', 'This account no longer exists.');
  const at = now();
  const given = {
    kind: 'regrade',
    job_id,
    owner_id: caller.user_id,
    owner_name: owner.name,
    org_id,
    class_id,
    exercise_id,
    assignment_id,
    regrade_id,
    progress: { done: 0, total: 0 },
  } as const;
  return newGrading(given, at.toISOString(), at);
}

/** What is graded again: an assignment that the caller grades, or an exercise from above. */
async function subjectOf(
  world: CodeWorld,
  caller: Caller,
  { exercise_id, assignment_id }: Body,
): Promise<{ exercise: ExerciseRecord; assignment: AssignmentRecord | undefined }> {
  const exercise = await world.table.get(exercises, { exercise_id }, { consistent: true });
  if (!exercise || (exercise.org_id !== caller.org_id && caller.role !== 'platform_admin'))
    throw unknownReference('exercise.unknown', 'Exercise not found');
  if (assignment_id === undefined) {
    if (!administers(caller, exercise.org_id))
      throw forbidden(
        'regrade.whole_exercise',
        'All submissions of an exercise are graded again by administrators; name an assignment of a class of yours.',
      );
    return { exercise, assignment: undefined };
  }
  const unknown = () => unknownReference('assignment.unknown', 'Assignment not found');
  const assignment = await taughtAssignment(world, caller, assignment_id, unknown);
  if (assignment.exercise_id !== exercise_id)
    throw unknownReference('assignment.other_exercise', 'This assignment gives another exercise.');
  return { exercise, assignment };
}

/** Tests that the exercise’s own solution does not pass would only do harm. */
async function certifiedVersion(
  { table }: CodeWorld,
  { exercise_id, published_version }: ExerciseRecord,
  wanted: number | undefined,
): Promise<number> {
  const version_number = wanted ?? published_version;
  if (version_number === null)
    throw conflict('exercise.not_published', 'This exercise has no published version; name one.');
  const state = await table.get(versionStates, { exercise_id, version_number }, { consistent: true });
  if (!state) throw unknownReference('version.unknown', `There is no version ${version_number}.`);
  if (state.certification.status !== 'passed')
    throw conflict('version.not_certified', `Version ${version_number} is not certified.`);
  return version_number;
}
