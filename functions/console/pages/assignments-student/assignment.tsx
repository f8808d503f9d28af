import type { Assignment } from '#shared/contracts/assignments.ts';
import type { Exercise } from '#shared/contracts/exercises.ts';
import { api } from '../../app/api.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { Workspace } from '../exercises/workspace.tsx';

interface Given {
  readonly assignment: Assignment;
  readonly exercise: Exercise;
}

/** An exercise that was given to a class, with its dates and attempts. */
export function AssignmentPage({ id }: { id: string }) {
  const { data, error, reload } = useResource<Given>(`assignment.${id}`, async (signal) => {
    const assignment = await api.assignments.getAssignment({ params: { assignment_id: id }, signal });
    const { exercise_id } = assignment;
    return { assignment, exercise: await api.exercises.getExercise({ params: { exercise_id }, signal }) };
  });
  if (data)
    return (
      <Workspace
        exercise={data.exercise}
        assignment={data.assignment}
        back={{ href: '/exercises', label: t('exercise.back') }}
        reload={reload}
      />
    );
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  return <Skeleton lines={5} height={64} />;
}
