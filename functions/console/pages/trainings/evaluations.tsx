import type { TrainingEvaluated } from '#shared/contracts/training.ts';
import { number, t } from '../../i18n/index.ts';
import { Empty } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';

interface Props {
  readonly evaluations: readonly TrainingEvaluated[];
  readonly every: number;
  readonly ended: boolean;
}

/** What the agent scored when it was tested without exploring, newest first. */
export const Evaluations = ({ evaluations, every, ended }: Props) => (
  <section class="card">
    <div class="card-head">
      <h2>{t('evaluations.title')}</h2>
      {evaluations.some(({ success }) => success) && (
        <span class="badge good">
          <Icon name="check" size={14} />
          {t('evaluations.solved')}
        </span>
      )}
    </div>
    {evaluations.length === 0 ? (
      <Empty
        icon="flag"
        title={t('evaluations.none')}
        text={ended ? t('evaluations.noneEver') : t('evaluations.noneYet', { every })}
      />
    ) : (
      <ScrollRegion class="evaluations-scroll" label={t('evaluations.title')}>
        <ol class="evaluations">
          {evaluations.toReversed().map((evaluation) => (
            <Evaluation key={evaluation.step} {...evaluation} />
          ))}
        </ol>
      </ScrollRegion>
    )}
  </section>
);

const Evaluation = ({
  step,
  mean_reward,
  std_reward,
  min_reward,
  max_reward,
  n_episodes,
  success,
}: TrainingEvaluated) => (
  <li>
    <span>
      {t('evaluations.atStep', { step })}
      <small>
        {t('evaluations.range', { n: n_episodes, min: number(min_reward), max: number(max_reward) })}
      </small>
    </span>
    {success ? <span class="badge good">{t('evaluations.solved')}</span> : <span />}
    <strong class="end">
      {number(mean_reward, 1)}
      <small>± {number(std_reward, 1)}</small>
    </strong>
  </li>
);
