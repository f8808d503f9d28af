import { t } from '../../i18n/index.ts';

type Difficulty = 'easy' | 'medium' | 'hard';
const levels: Readonly<Record<Difficulty, number>> = { easy: 1, medium: 2, hard: 3 };

/** One to three bars and the word for it. */
export const DifficultyBadge = ({ difficulty }: { difficulty: Difficulty }) => (
  <span class="difficulty">
    <span class={`bars ${difficulty}`} aria-hidden="true">
      {[1, 2, 3].map((bar) => (
        <i key={bar} class={bar <= levels[difficulty] ? 'full' : ''} />
      ))}
    </span>
    {t(`difficulty.${difficulty}`)}
  </span>
);
