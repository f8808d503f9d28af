import { api } from '../../app/api.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { useMyAssignments } from '../assignments-student/assignments.ts';
import { stillToDo } from '../assignments-student/due.ts';
import { Workspace } from './workspace.tsx';

/** An exercise by itself; one that is not open for practice is solved for the assignment that it was given as. */
export function ExercisePage({ id }: { id: string }) {
  const { data, error, reload } = useResource(`exercise.${id}`, (signal) =>
    api.exercises.getExercise({ params: { exercise_id: id }, signal }),
  );
  const mine = useMyAssignments();
  const assigned = stillToDo(mine.data ?? []).find(({ exercise_id }) => exercise_id === id);
  const isKnown = mine.data !== undefined || mine.error !== undefined;
  if (data && (data.practice || isKnown))
    return (
      <Workspace
        exercise={data}
        {...(!data.practice && assigned && { assignment: assigned })}
        back={{ href: '/exercises', label: t('exercise.back') }}
        reload={() => {
          reload();
          mine.reload();
        }}
      />
    );
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  return <Skeleton lines={5} height={64} />;
}
