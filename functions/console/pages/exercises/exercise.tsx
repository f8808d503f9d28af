import { api } from '../../app/api.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { Workspace } from './workspace.tsx';

/** An exercise by itself, for practice. */
export function ExercisePage({ id }: { id: string }) {
  const { data, error, reload } = useResource(`exercise.${id}`, (signal) =>
    api.exercises.getExercise({ params: { exercise_id: id }, signal }),
  );
  if (data)
    return (
      <Workspace exercise={data} back={{ href: '/exercises', label: t('exercise.back') }} reload={reload} />
    );
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  return <Skeleton lines={5} height={64} />;
}
