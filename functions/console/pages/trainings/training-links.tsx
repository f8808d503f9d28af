import { number, t } from '../../i18n/index.ts';
import { Ago, Progress } from '../../ui/words.tsx';
import { isFinal, nameOf, type Session, share } from './status.ts';
import { StatusBadge } from './status-badge.tsx';

/** Trainings as a short list: what, how far, how well. */
export const TrainingLinks = ({
  trainings,
  showOwner = false,
}: {
  trainings: readonly Session[];
  showOwner?: boolean;
}) => (
  <ul class="list-links">
    {trainings.map((training) => (
      <li key={training.session_id}>
        <a class="list-link" href={`/trainings/${training.session_id}`}>
          <div class="grow">
            <span class="title">{nameOf(training)}</span>
            <span class="under">
              {showOwner && `${training.owner_name} · `}
              <Ago at={training.created_at} />
              {training.best_mean_reward !== null &&
                ` · ${t('training.bestIs', { reward: number(training.best_mean_reward, 1) })}`}
            </span>
            {!isFinal(training.status) && (
              <Progress
                value={share(training)}
                label={t('training.progressOf', { name: nameOf(training) })}
              />
            )}
          </div>
          <StatusBadge status={training.status} />
        </a>
      </li>
    ))}
  </ul>
);
