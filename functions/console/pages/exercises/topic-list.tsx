import { t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { Progress } from '../../ui/words.tsx';
import { byTopic, type TopicGroup } from './all-exercises.ts';
import { DifficultyBadge } from './difficulty-badge.tsx';
import { ProgressBadge } from './progress-badge.tsx';
import { type ExerciseSummary, titleOf, topicName } from './words.ts';

/** Exercises below their topics, with how much of each topic is solved. */
export const TopicList = ({ exercises }: { exercises: readonly ExerciseSummary[] }) => (
  <div class="topics">
    {byTopic(exercises).map((group) => (
      <Topic key={group.topic} group={group} />
    ))}
  </div>
);

function Topic({ group: { topic, exercises, solved } }: { group: TopicGroup }) {
  const name = topicName(topic);
  const isTracked = exercises.some(({ progress }) => progress !== null);
  return (
    <section class="card topic">
      <div class="card-head">
        <h2>{name}</h2>
        {isTracked && (
          <div class="topic-progress">
            <span class="small muted numbers">
              {t('exercises.solvedOf', { solved, all: exercises.length })}
            </span>
            <Progress
              value={solved / exercises.length}
              label={t('exercises.progressOf', { topic: name })}
              kind="good"
            />
          </div>
        )}
      </div>
      <ul class="list-links">
        {exercises.map((exercise) => (
          <li key={exercise.exercise_id}>
            <ExerciseLink exercise={exercise} />
          </li>
        ))}
      </ul>
    </section>
  );
}

export const ExerciseLink = ({ exercise }: { exercise: ExerciseSummary }) => {
  const solved = exercise.progress?.solved ?? false;
  return (
    <a class="list-link exercise-link" href={`/exercises/${exercise.exercise_id}`}>
      <span class={solved ? 'exercise-mark solved' : 'exercise-mark'} aria-hidden="true">
        {solved && <Icon name="check" size={14} />}
      </span>
      <div class="grow">
        <span class="title">{titleOf(exercise)}</span>
        <span class="under">
          <DifficultyBadge difficulty={exercise.difficulty} /> · {t(`language.${exercise.language}`)} ·{' '}
          {t('exercises.minutes', { n: exercise.estimated_completion_time_min })}
        </span>
      </div>
      <ProgressBadge progress={exercise.progress} quiet />
    </a>
  );
};
