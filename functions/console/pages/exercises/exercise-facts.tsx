import type { Exercise } from '#shared/contracts/exercises.ts';
import { t } from '../../i18n/index.ts';
import { DifficultyBadge } from './difficulty-badge.tsx';
import { ProgressBadge } from './progress-badge.tsx';
import { topicName } from './words.ts';

/** One line below the title: how hard, about what, how long, how far. */
export const ExerciseFacts = ({ exercise }: { exercise: Exercise }) => (
  <span class="row exercise-facts">
    <DifficultyBadge difficulty={exercise.difficulty} />
    <span>
      {topicName(exercise.topic)} · {t(`language.${exercise.language}`)} ·{' '}
      {t('exercises.minutes', { n: exercise.estimated_completion_time_min })}
    </span>
    <ProgressBadge progress={exercise.progress} quiet />
  </span>
);
