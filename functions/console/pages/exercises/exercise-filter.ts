import { difficulty } from '#shared/contracts/exercises.ts';
import { language } from '#shared/contracts/grading-shapes.ts';
import { type ExerciseSummary, titleOf, topicName } from './words.ts';

export interface ExerciseFilter {
  readonly topic: string;
  readonly difficulty: ExerciseSummary['difficulty'] | undefined;
  readonly language: ExerciseSummary['language'] | undefined;
  readonly progress: 'open' | 'solved' | undefined;
  readonly q: string;
}

export const filterFrom = (query: URLSearchParams): ExerciseFilter => {
  const progress = query.get('progress');
  return {
    topic: query.get('topic') ?? '',
    difficulty: difficulty.safeParse(query.get('difficulty')).data,
    language: language.safeParse(query.get('language')).data,
    progress: progress === 'open' || progress === 'solved' ? progress : undefined,
    q: query.get('q') ?? '',
  };
};

export const isFiltered = ({ topic, difficulty, language, progress, q }: ExerciseFilter): boolean =>
  topic !== '' || q !== '' || (difficulty ?? language ?? progress) !== undefined;

const isSolved = ({ progress }: ExerciseSummary): boolean => progress?.solved ?? false;

export function matches(exercise: ExerciseSummary, filter: ExerciseFilter): boolean {
  return (
    (filter.topic === '' || exercise.topic === filter.topic) &&
    (filter.difficulty === undefined || exercise.difficulty === filter.difficulty) &&
    (filter.language === undefined || exercise.language === filter.language) &&
    (filter.progress === undefined || isSolved(exercise) === (filter.progress === 'solved')) &&
    mentions(exercise, filter.q)
  );
}

/** In the title in any language, the topic or a tag; each word of the search has to be somewhere. */
function mentions(exercise: ExerciseSummary, q: string): boolean {
  const text = [
    titleOf(exercise),
    exercise.title,
    ...Object.values(exercise.titles),
    exercise.topic,
    topicName(exercise.topic),
    ...exercise.tags,
  ]
    .join(' ')
    .normalize('NFC')
    .toLowerCase();
  return q
    .normalize('NFC')
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
