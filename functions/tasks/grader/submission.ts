import { gradeAfterLatePolicy, noStanding } from '#shared/domain/grading/assignment-rules.ts';
import { failureWrites } from '#shared/jobs/failure.ts';
import type { JobOf } from '#shared/jobs/job.ts';
import { fitted } from '#shared/jobs/results.ts';
import { resultEvent } from '#shared/jobs/told.ts';
import {
  type AssignmentRecord,
  type AssignmentStanding,
  assignmentStandings,
  assignments,
} from '#shared/table/assignment.ts';
import {
  type ExerciseStanding,
  type ExerciseVersion,
  exerciseStandings,
  exerciseVersions,
} from '#shared/table/exercise.ts';
import {
  type GradingRecord,
  gradings,
  type SubmissionRecord,
  submissionResults,
  submissions,
} from '#shared/table/submission.ts';
import type { Write } from '#shared/table/table.ts';
import type { Held } from './held.ts';
import { holding } from './holding.ts';
import { givenUp, isLastTry, NoVerdict, succeeded, toldError } from './outcome.ts';
import { Final, persist } from './persist.ts';
import { openTo, openTotals, type Result, runTests } from './run-tests.ts';
import { Teller } from './teller.ts';
import { Verdicts } from './verdicts.ts';
import type { Came, GraderWorld } from './world.ts';

/** Somebody else wrote one of the items that the result changes too: the student anew, or their teacher. */
class Moved extends Final {}
const moved = (): Error => new Moved();

/** Grades a submission and commits everything that follows from it in one transaction. */
export const gradeSubmission = (world: GraderWorld, claimed: JobOf<'submission'>): Promise<Came> =>
  holding(world, claimed, async (held, signal) => {
    const { submission, version } = await load(world, claimed);
    try {
      await commitResult(world, held, await runLive(world, held, { version, submission, signal }));
    } catch (error) {
      if (!(error instanceof NoVerdict) || (error.ours && !isLastTry(claimed))) throw error;
      await giveUp(world, held, version, error);
    }
  });

interface Run {
  readonly version: ExerciseVersion;
  readonly submission: SubmissionRecord;
  readonly signal: AbortSignal;
}

/** Runs the tests, and tells their verdicts as they come. */
async function runLive(
  world: GraderWorld,
  held: Held<JobOf<'submission'>>,
  { version, submission, signal }: Run,
): Promise<Result> {
  const verdicts = new Verdicts(held.job, version.tests);
  using teller = new Teller((events) => held.commit({}, events), [verdicts]);
  return await runTests(world, version, submission, signal, {
    onOutcome: ({ test, outcome }) => {
      verdicts.add(test, outcome.verdict);
      teller.look();
    },
  });
}

/** No grade can come of it: a person looks, and sees which test it was. */
async function giveUp(
  world: GraderWorld,
  held: Held<JobOf<'submission'>>,
  { version_number: exercise_version }: ExerciseVersion,
  error: NoVerdict,
): Promise<void> {
  const { table } = world;
  const { job_id: submission_id } = held.job;
  const [submission, also] = await persist('submission.around', () =>
    Promise.all([
      table.get(submissions, { submission_id }, { consistent: true }),
      failureWrites(table, held.job),
    ]),
  );
  const grading = submission?.gradings ?? 0;
  const outcomes = fitted(error.outcomes);
  const results = table.put(submissionResults, { submission_id, exercise_version, grading, outcomes });
  await held.commit(givenUp(world.now(), error), [], [...also, results]);
}

async function load({ table }: GraderWorld, { job_id, exercise_id, exercise_version }: JobOf<'submission'>) {
  const [submission, version] = await persist('submission.read', () =>
    Promise.all([
      table.get(submissions, { submission_id: job_id }, { consistent: true }),
      table.get(exerciseVersions, { exercise_id, version_number: exercise_version }),
    ]),
  );
  if (!submission || !version) throw new Error(`submission ${job_id} or its exercise is not there`);
  return { submission, version };
}

/** The items that a result changes, as they stand; read anew when one of them moves. */
interface Around {
  readonly submission: SubmissionRecord;
  readonly assignment: AssignmentRecord | undefined;
  readonly ofAssignment: AssignmentStanding | undefined;
  readonly ofExercise: ExerciseStanding | undefined;
}

const triesOfCommit = 8;

async function commitResult(
  world: GraderWorld,
  held: Held<JobOf<'submission'>>,
  result: Result,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const around = await persist('submission.around', () => readAround(world, held.job));
    const next = judged(world, around, result);
    try {
      return await held.commit(
        { ...succeeded(world.now()), outcome: next.status === 'graded' ? 'graded' : 'manual_review' },
        [resultEvent(next, result.verdicts, toldError(openTo(result)))],
        resultWrites(world, around, next, result),
      );
    } catch (error) {
      if (!(error instanceof Moved) || attempt === triesOfCommit) throw error;
    }
  }
}

async function readAround({ table }: GraderWorld, job: JobOf<'submission'>): Promise<Around> {
  const { job_id: submission_id, exercise_id, assignment_id, owner_id: student_id } = job;
  const [submission, assignment, ofAssignment, ofExercise] = await table.getRaw([
    submissions.key({ submission_id }),
    assignments.key({ assignment_id: assignment_id ?? 'none' }),
    assignmentStandings.key({ assignment_id: assignment_id ?? 'none', student_id }),
    exerciseStandings.key({ exercise_id, student_id }),
  ]);
  return {
    submission: submissions.parse(submission),
    assignment: assignment && assignments.parse(assignment),
    ofAssignment: ofAssignment && assignmentStandings.parse(ofAssignment),
    ofExercise: ofExercise && exerciseStandings.parse(ofExercise),
  };
}

/** The submission after this result. A teacher's grade stays, and one who is to look first is asked to. */
function judged(
  { now }: GraderWorld,
  around: Around,
  { version, outcomes, raw_grade, passed }: Result,
): SubmissionRecord {
  const { submission, assignment, ofAssignment } = around;
  const run = {
    ...submission,
    ...openTotals({ version, outcomes }),
    raw_grade,
    automated_tests_passed: passed,
    total_tests: outcomes.length,
    gradings: submission.gradings + 1,
  };
  if (submission.grader === 'teacher') return run;
  if (assignment?.review === 'always' || submission.review_reason === 'requested')
    return {
      ...run,
      status: 'manual_review',
      review_reason: submission.review_reason === 'requested' ? 'requested' : 'rule',
    };
  return {
    ...run,
    status: 'graded',
    grade: assignment
      ? gradeAfterLatePolicy(assignment, ofAssignment ?? noStanding, raw_grade, submission.submission_time)
      : raw_grade,
    grader: 'system',
    graded_at: now().toISOString(),
    review_reason: null,
  };
}

const best = (before: number | null, grade: number | null): number | null =>
  grade === null ? before : Math.max(before ?? 0, grade);

function resultWrites(
  world: GraderWorld,
  { submission, ofAssignment, ofExercise }: Around,
  next: SubmissionRecord,
  result: Result,
): Write[] {
  const { table } = world;
  const { submission_id, status } = next;
  const isLast = (standing: { readonly last_submission_id: string | null }): boolean =>
    standing.last_submission_id === submission_id;
  const grade = status === 'graded' ? next.grade : null;
  const raw = status === 'graded' ? result.raw_grade : null;
  return [
    table.replace(submissions, submission, next, moved),
    table.put(submissionResults, {
      submission_id,
      exercise_version: result.version.version_number,
      grading: next.gradings,
      outcomes: [...result.outcomes],
    }),
    table.insert(gradings, gradingRecord(world, next, result), moved),
    ...(ofAssignment
      ? [
          table.replace(
            assignmentStandings,
            ofAssignment,
            {
              ...ofAssignment,
              best_grade: best(ofAssignment.best_grade, grade),
              ...(isLast(ofAssignment) && { status }),
            },
            moved,
          ),
        ]
      : []),
    ...(ofExercise
      ? [
          table.replace(
            exerciseStandings,
            ofExercise,
            {
              ...ofExercise,
              best_grade: best(ofExercise.best_grade, raw),
              ...(isLast(ofExercise) && { status }),
            },
            moved,
          ),
        ]
      : []),
  ];
}

function gradingRecord(
  { now, engine }: GraderWorld,
  { submission_id, gradings: number, status, grade }: SubmissionRecord,
  { version, outcomes, verdicts, seeds, raw_grade, passed }: Result,
): GradingRecord {
  return {
    submission_id,
    number,
    grade: status === 'graded' ? grade : null,
    raw_grade,
    grader: 'system',
    grader_id: null,
    grader_name: null,
    grader_version: engine.version,
    exercise_version: version.version_number,
    reason: number === 1 ? 'submitted' : 'redrive',
    automated_tests_passed: passed,
    total_tests: outcomes.length,
    feedback: null,
    at: now().toISOString(),
    verdicts: [...verdicts],
    seeds: [...seeds],
  };
}
