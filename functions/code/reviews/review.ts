import type * as z from 'zod';
import type { Caller } from '#shared/contracts/operation.ts';
import type { Submission, submissionOperations } from '#shared/contracts/submissions.ts';
import { conflict, forbidden, invalid } from '#shared/errors.ts';
import { assignments } from '#shared/table/assignment.ts';
import { idempotently } from '#shared/table/idempotency.ts';
import { retried } from '#shared/table/retry.ts';
import { standingWrites } from '#shared/table/standing.ts';
import { type SubmissionRecord, submissions } from '#shared/table/submission.ts';
import type { Write } from '#shared/table/table.ts';
import { isGrader, reachedSubmission, viewSubmission } from '../submission.ts';
import { statusTold, tell } from '../tell.ts';
import type { CodeWorld } from '../world.ts';
import { decide } from './decide.ts';

export type ReviewBody = z.output<typeof submissionOperations.requestReview.body>;

/** A student asks that a person looks; staff decide. */
export async function review(
  world: CodeWorld,
  caller: Caller,
  submission_id: string,
  body: ReviewBody,
  key: string | undefined,
): Promise<Submission> {
  const act = isGrader(caller) ? decide : ask;
  await idempotently(
    world.table,
    { caller, operation: 'submission.review', key, body: { submission_id, ...body }, now: world.now() },
    async (done) => {
      await retried(async () => {
        const submission = await reachedSubmission(world, caller, submission_id);
        if (submission.status === 'pending')
          throw conflict('submission.pending', 'This submission is still being graded.');
        await act(world, caller, submission, body, done(submission_id));
      });
      return submission_id;
    },
    async (id) => id,
  );
  return viewSubmission(world, caller, submission_id);
}

/** The student's own request, once for each submission. */
async function ask(
  world: CodeWorld,
  _caller: Caller,
  seen: SubmissionRecord,
  { note, grade, feedback }: ReviewBody,
  also: readonly Write[],
): Promise<void> {
  if (grade !== undefined || feedback !== undefined)
    throw forbidden('review.staff_only', 'Only staff give grades and feedback.');
  if (note === undefined) throw invalid(['body', 'note'], 'say what should be looked at', 'missing');
  if (seen.review_note !== null)
    throw conflict('review.asked', 'You have already asked for a review of this submission.');
  if (seen.status === 'manual_review')
    throw conflict('review.under_way', 'A person looks at this submission already.');
  await refuseNever(world, seen);
  const { table } = world;
  const next: SubmissionRecord = {
    ...seen,
    status: 'manual_review',
    review_reason: 'requested',
    review_note: note,
  };
  const requested = { type: 'review.requested', data: { submission_id: seen.submission_id } };
  const writes = [
    table.replace(submissions, seen, next),
    ...(await standingWrites(table, seen, next)),
    ...also,
  ];
  await tell(world, seen, (job) => [requested, statusTold(job, next)], writes, 'manual_review');
}

async function refuseNever({ table }: CodeWorld, { assignment_id }: SubmissionRecord): Promise<void> {
  if (assignment_id === null) return;
  const assignment = await table.get(assignments, { assignment_id }, { consistent: true });
  if (assignment?.review === 'never')
    throw conflict('review.not_offered', 'Submissions of this assignment are graded by the tests alone.');
}
