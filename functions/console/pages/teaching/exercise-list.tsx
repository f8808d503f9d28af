import { useSignal } from '@preact/signals';
import { exerciseOperations, exerciseStatus } from '#shared/contracts/exercises.ts';
import { api } from '../../app/api.ts';
import { place, setQuery } from '../../app/location.ts';
import { may, user } from '../../app/session.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { counted, t } from '../../i18n/index.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Select } from '../../ui/select.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/words.tsx';
import { byTopic, inOrder } from '../exercises/all-exercises.ts';
import { DifficultyBadge } from '../exercises/difficulty-badge.tsx';
import { filterFrom, matches } from '../exercises/exercise-filter.ts';
import { type ExerciseSummary, titleOf, topicName } from '../exercises/words.ts';
import { ImportExercise } from './import-exercise.tsx';
import { StatusBadge } from './status-badge.tsx';

const names = ['q', 'topic', 'language', 'status', 'mine'];

/** Every exercise of the school, drafts too: what a teacher writes, publishes and gives to classes. */
export function ExerciseLibrary() {
  const importing = useSignal(false);
  const { data, error, reload } = useResource('library', (signal) =>
    everyPage((page) => api.exercises.listExercises({ query: { limit: 100, ...page }, signal }), 1000),
  );
  const { query } = place.value;
  const found = inOrder(data?.filter((exercise) => isWanted(exercise, query)) ?? []);
  const mayWrite = may(exerciseOperations.createExercise);
  return (
    <>
      <PageHead title={t('nav.exercises')} lead={t('library.lead')}>
        {mayWrite && (
          <>
            <Button
              icon="download"
              onClick={() => {
                importing.value = true;
              }}
            >
              {t('library.import')}
            </Button>
            <LinkButton href="/exercises/new" kind="primary" icon="plus">
              {t('library.new')}
            </LinkButton>
          </>
        )}
      </PageHead>
      <Filters exercises={data ?? []} query={query} />
      <Failure error={error} retry={reload} />
      {!data && error === undefined && <Skeleton lines={8} height={40} />}
      {data && (
        <p class="small muted found" role="status">
          {counted('exercises.found', found.length)}
        </p>
      )}
      {data && (
        <div class="card table-wrap">
          {found.length > 0 ? <ExerciseTable exercises={found} /> : <Nothing isNew={data.length === 0} />}
        </div>
      )}
      {importing.value && (
        <ImportExercise
          onClose={() => {
            importing.value = false;
          }}
        />
      )}
    </>
  );
}

function isWanted(exercise: ExerciseSummary, query: URLSearchParams): boolean {
  const status = query.get('status');
  return (
    matches(exercise, { ...filterFrom(query), progress: undefined }) &&
    // what was put away is in the way unless one asks for it
    (status === null ? exercise.status !== 'archived' : exercise.status === status) &&
    (query.get('mine') === null || exercise.created_by === user.value?.user_id)
  );
}

interface FiltersProps {
  readonly exercises: readonly ExerciseSummary[];
  readonly query: URLSearchParams;
}
const Filters = ({ exercises, query }: FiltersProps) => (
  <div class="toolbar">
    <SearchBox
      label={t('exercises.search')}
      value={query.get('q') ?? ''}
      onSearch={(q) => setQuery('q', q)}
    />
    <span class="grow" />
    <Select
      label={t('library.whose')}
      value={query.get('mine') ?? ''}
      onChange={(value) => setQuery('mine', value)}
    >
      <option value="">{t('library.everybodys')}</option>
      <option value="true">{t('library.mine')}</option>
    </Select>
    <Select
      label={t('library.status')}
      value={query.get('status') ?? ''}
      onChange={(value) => setQuery('status', value)}
    >
      <option value="">{t('library.anyStatus')}</option>
      {exerciseStatus.options.map((status) => (
        <option key={status} value={status}>
          {t(`library.status.${status}`)}
        </option>
      ))}
    </Select>
    <Select
      label={t('exercises.filterTopic')}
      value={query.get('topic') ?? ''}
      onChange={(value) => setQuery('topic', value)}
    >
      <option value="">{t('exercises.allTopics')}</option>
      {byTopic(exercises).map(({ topic }) => (
        <option key={topic} value={topic}>
          {topicName(topic)}
        </option>
      ))}
    </Select>
    <Select
      label={t('exercises.filterLanguage')}
      value={query.get('language') ?? ''}
      onChange={(value) => setQuery('language', value)}
    >
      <option value="">{t('exercises.allLanguages')}</option>
      {[...new Set(exercises.map(({ language }) => language))].toSorted().map((language) => (
        <option key={language} value={language}>
          {t(`language.${language}`)}
        </option>
      ))}
    </Select>
  </div>
);

const ExerciseTable = ({ exercises }: { exercises: readonly ExerciseSummary[] }) => (
  <Table
    label={t('nav.exercises')}
    items={exercises}
    keyOf={({ exercise_id }) => exercise_id}
    columns={[
      {
        label: t('library.exercise'),
        role: 'lead',
        cell: (exercise) => (
          <span class="cell-main">
            <span>
              <a class="row-link" href={`/exercises/${exercise.exercise_id}`}>
                {titleOf(exercise)}
              </a>
              <small>{[topicName(exercise.topic), exercise.module].filter(Boolean).join(' · ')}</small>
            </span>
          </span>
        ),
      },
      { label: t('write.language'), cell: ({ language }) => t(`language.${language}`) },
      {
        label: t('write.difficulty'),
        cell: ({ difficulty }) => <DifficultyBadge difficulty={difficulty} />,
      },
      { label: t('library.status'), cell: (exercise) => <StatusBadge exercise={exercise} /> },
      { label: t('library.author'), cell: ({ created_by_name }) => created_by_name },
      { label: t('library.changed'), role: 'end', cell: ({ updated_at }) => <Ago at={updated_at} /> },
    ]}
  />
);

const Nothing = ({ isNew }: { isNew: boolean }) =>
  isNew ? (
    <Empty icon="code" title={t('library.empty')} text={t('library.emptyText')} />
  ) : (
    <Empty icon="search" title={t('search.none')} text={t('search.noneText')}>
      <Button
        onClick={() => {
          for (const name of names) setQuery(name, '');
        }}
      >
        {t('exercises.clear')}
      </Button>
    </Empty>
  );
