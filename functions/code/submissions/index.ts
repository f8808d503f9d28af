import type { Caller } from '#shared/contracts/operation.ts';
import type { Submission, submissionOperations } from '#shared/contracts/submissions.ts';
import { conflict } from '#shared/errors.ts';
import type { Handlers } from '#shared/http/serve.ts';
import { submissionRedriven } from '#shared/jobs/failure.ts';
import { jobs } from '#shared/jobs/job.ts';
import { redrive } from '#shared/jobs/lifecycle.ts';
import { requireGrader } from '../graders.ts';
import { reachedSubmission, viewSubmission } from '../submission.ts';
import type { CodeWorld } from '../world.ts';
import { listSubmissions } from './list.ts';
import { submit } from './submit.ts';

type Operations = Pick<
  typeof submissionOperations,
  'submit' | 'listSubmissions' | 'getSubmission' | 'redriveSubmission'
>;

export const submissionHandlers = (world: CodeWorld): Handlers<Operations> => ({
  submit: ({ params, body, caller, idempotency_key }) =>
    submit(world, caller, { ...params, body, idempotency_key }),
  listSubmissions: ({ query, caller }) => listSubmissions(world, caller, query),
  getSubmission: ({ params, caller }) => readSubmission(world, caller, params.submission_id),
  redriveSubmission: ({ params, caller }) => redriveSubmission(world, caller, params.submission_id),
});

async function readSubmission(world: CodeWorld, caller: Caller, id: string): Promise<Submission> {
  const { submission_id } = await reachedSubmission(world, caller, id);
  const shown = await viewSubmission(world, caller, submission_id);
  // guardians follow the results, not the work
  return caller.role === 'guardian' ? { ...shown, submission_code: '' } : shown;
}

async function redriveSubmission(world: CodeWorld, caller: Caller, id: string): Promise<Submission> {
  const { submission_id: job_id, review_reason } = await reachedSubmission(world, caller, id);
  await requireGrader(world);
  const job = await world.table.get(jobs, { job_id }, { consistent: true });
  // a person, or a regrade, may have given it a grade since
  const again =
    job?.kind === 'submission' && review_reason === 'grader_failed'
      ? await redrive(world, job, await submissionRedriven(world.table, job))
      : undefined;
  if (!again)
    throw conflict('submission.not_failed', 'Only a submission whose grading failed is graded again.');
  return viewSubmission(world, caller, job_id);
}
