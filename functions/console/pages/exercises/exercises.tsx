import { place, setQuery } from '../../app/location.ts';
import { counted, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { DueSection } from '../assignments-student/due-section.tsx';
import { useExercises } from './all-exercises.ts';
import { filterFrom, isFiltered, matches } from './exercise-filter.ts';
import { ExerciseFilters } from './exercise-filters.tsx';
import { TopicList } from './topic-list.tsx';

/** Everything one may solve: what is due first, then by topic from the first steps on. */
export function Exercises() {
  const { data, error, reload } = useExercises();
  const filter = filterFrom(place.value.query);
  const found = data?.filter((exercise) => matches(exercise, filter));
  const clear = () => {
    for (const name of ['topic', 'difficulty', 'language', 'progress', 'q']) setQuery(name, '');
  };
  return (
    <>
      <PageHead title={t('nav.exercises')} lead={t('exercises.lead')} />
      <DueSection />
      {data && data.length > 0 && <ExerciseFilters exercises={data} filter={filter} />}
      <Failure error={error} retry={reload} />
      {!data && error === undefined && <Skeleton lines={6} height={52} />}
      {isFiltered(filter) && found && found.length > 0 && (
        <p class="small muted found" role="status">
          {counted('exercises.found', found.length)}
        </p>
      )}
      {found && found.length > 0 && <TopicList exercises={found} />}
      {found?.length === 0 && (
        <div class="card">
          {data?.length === 0 ? (
            <Empty icon="code" title={t('exercises.empty')} text={t('exercises.emptyText')} />
          ) : (
            <Empty icon="search" title={t('search.none')} text={t('search.noneText')}>
              <Button onClick={clear}>{t('exercises.clear')}</Button>
            </Empty>
          )}
        </div>
      )}
    </>
  );
}
