import { difficulty } from '#shared/contracts/exercises.ts';
import { setQuery } from '../../app/location.ts';
import { t } from '../../i18n/index.ts';
import { SearchBox } from '../../ui/search-box.tsx';
import { Select } from '../../ui/select.tsx';
import { byTopic } from './all-exercises.ts';
import type { ExerciseFilter } from './exercise-filter.ts';
import { type ExerciseSummary, topicName } from './words.ts';

interface ExerciseFiltersProps {
  readonly exercises: readonly ExerciseSummary[];
  readonly filter: ExerciseFilter;
}
export function ExerciseFilters({ exercises, filter }: ExerciseFiltersProps) {
  const languages = [...new Set(exercises.map((exercise) => exercise.language))].toSorted();
  return (
    <div class="toolbar">
      <SearchBox label={t('exercises.search')} value={filter.q} onSearch={(words) => setQuery('q', words)} />
      <span class="grow" />
      <Select
        label={t('exercises.filterTopic')}
        value={filter.topic}
        onChange={(topic) => setQuery('topic', topic)}
      >
        <option value="">{t('exercises.allTopics')}</option>
        {byTopic(exercises).map(({ topic }) => (
          <option key={topic} value={topic}>
            {topicName(topic)}
          </option>
        ))}
      </Select>
      <Select
        label={t('exercises.filterDifficulty')}
        value={filter.difficulty ?? ''}
        onChange={(level) => setQuery('difficulty', level)}
      >
        <option value="">{t('exercises.allDifficulties')}</option>
        {difficulty.options.map((level) => (
          <option key={level} value={level}>
            {t(`difficulty.${level}`)}
          </option>
        ))}
      </Select>
      {languages.length > 1 && (
        <Select
          label={t('exercises.filterLanguage')}
          value={filter.language ?? ''}
          onChange={(language) => setQuery('language', language)}
        >
          <option value="">{t('exercises.allLanguages')}</option>
          {languages.map((language) => (
            <option key={language} value={language}>
              {t(`language.${language}`)}
            </option>
          ))}
        </Select>
      )}
      <Select
        label={t('exercises.filterProgress')}
        value={filter.progress ?? ''}
        onChange={(progress) => setQuery('progress', progress)}
      >
        <option value="">{t('exercises.allProgress')}</option>
        <option value="open">{t('exercises.onlyOpen')}</option>
        <option value="solved">{t('exercises.onlySolved')}</option>
      </Select>
    </div>
  );
}
