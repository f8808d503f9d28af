import { api } from '../../app/api.ts';
import { user } from '../../app/session.ts';
import { everyPage } from '../../data/list.ts';
import { type Resource, useResource } from '../../data/resource.ts';
import { type ExerciseSummary, titleOf } from './words.ts';

/** Every exercise one may solve: few enough to filter in the browser, which is instant and knows both languages. */
export const useExercises = (): Resource<ExerciseSummary[]> =>
  useResource(`exercises.${user.value?.user_id ?? ''}`, (signal) =>
    everyPage((page) =>
      api.exercises.listExercises({ query: { status: 'published', limit: 100, ...page }, signal }),
    ),
  );

/** A title in the reader's language, where only the author's is at hand. */
export function useTitle(exercise_id: string, title: string): string {
  const known = useExercises().data?.find((exercise) => exercise.exercise_id === exercise_id);
  return known ? titleOf(known) : title;
}

/** Topics in the order in which they are usually learned. */
const curriculum = [
  'variables',
  'conditions',
  'conditionals',
  'loops',
  'functions',
  'strings',
  'lists',
  'arrays',
  'collections',
  'dictionaries',
  'sets',
  'files',
  'errors',
  'classes',
  'objects',
  'searching',
  'sorting',
  'algorithms',
  'recursion',
];
const place = (topic: string): number => {
  const index = curriculum.indexOf(topic.toLowerCase());
  return index < 0 ? curriculum.length : index;
};
const level = { easy: 0, medium: 1, hard: 2 } as const;

/** From the first steps on: by topic, then easy before hard. */
export const inOrder = (exercises: readonly ExerciseSummary[]): ExerciseSummary[] =>
  exercises.toSorted(
    (a, b) =>
      place(a.topic) - place(b.topic) ||
      a.topic.localeCompare(b.topic) ||
      level[a.difficulty] - level[b.difficulty] ||
      a.title.localeCompare(b.title),
  );

export interface TopicGroup {
  readonly topic: string;
  readonly exercises: readonly ExerciseSummary[];
  readonly solved: number;
}
export function byTopic(exercises: readonly ExerciseSummary[]): TopicGroup[] {
  const groups = Map.groupBy(inOrder(exercises), ({ topic }) => topic);
  return [...groups].map(([topic, members]) => ({
    topic,
    exercises: members,
    solved: members.filter(({ progress }) => progress?.solved).length,
  }));
}

/** The next one to solve after this one, of the same language. */
export function nextAfter(
  exercises: readonly ExerciseSummary[],
  { exercise_id, language }: Pick<ExerciseSummary, 'exercise_id' | 'language'>,
): ExerciseSummary | undefined {
  const row = inOrder(exercises.filter((exercise) => exercise.language === language));
  const at = row.findIndex((exercise) => exercise.exercise_id === exercise_id);
  return [...row.slice(at + 1), ...row.slice(0, Math.max(0, at))].find(({ progress }) => !progress?.solved);
}
