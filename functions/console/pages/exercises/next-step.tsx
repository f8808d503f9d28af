import type { Exercise } from '#shared/contracts/exercises.ts';
import { type Submission, submissionOperations } from '#shared/contracts/submissions.ts';
import { may } from '../../app/session.ts';
import { t } from '../../i18n/index.ts';
import { LinkButton } from '../../ui/button.tsx';
import { nextAfter, useExercises } from './all-exercises.ts';
import { titleOf } from './words.ts';

/** After the verdict: on to the next exercise when this one is solved, and the attempt with all its details. */
export function NextStep({ exercise, submission }: { exercise: Exercise; submission: Submission }) {
  const { data } = useExercises();
  const solved =
    submission.status === 'graded' && submission.automated_tests_passed === submission.total_tests;
  const next = solved && data ? nextAfter(data, exercise) : undefined;
  return (
    <div class="row">
      {next && (
        <LinkButton href={`/exercises/${next.exercise_id}`} kind="primary">
          {t('exercise.next', { title: titleOf(next) })}
        </LinkButton>
      )}
      {may(submissionOperations.getSubmission) && (
        <LinkButton href={`/submissions/${submission.submission_id}`} kind={solved ? 'quiet' : 'plain'}>
          {t('attempt.details')}
        </LinkButton>
      )}
    </div>
  );
}
