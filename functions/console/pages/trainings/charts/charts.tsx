import type { RecordedConfig, TrainingEvaluated } from '#shared/contracts/training.ts';
import type { AlgorithmName } from '#shared/contracts/training-config.ts';
import { environmentModel } from '#shared/domain/rl/environments/index.ts';
import { number, significant, t } from '../../../i18n/index.ts';
import { Chart } from './chart.tsx';
import type { Point, Series } from './curve.ts';

interface ChartsProps {
  readonly config: RecordedConfig;
  readonly curve: readonly Point[];
  readonly evaluations: readonly TrainingEvaluated[];
  readonly waiting: boolean;
}
/** The one curve that says whether the agent learns. */
export const MainChart = (props: ChartsProps) => <ChartCard series="episode_reward" {...props} />;

/** The curves that say why. */
export const MinorCharts = (props: Omit<ChartsProps, 'evaluations'>) => (
  <section class="charts" aria-label={t('charts.title')}>
    {minorSeries[props.config.algorithm].map((series) => (
      <ChartCard key={series} series={series} evaluations={[]} {...props} />
    ))}
  </section>
);
/** Each algorithm has numbers of its own that say what it is doing. */
const minorSeries: Readonly<Record<AlgorithmName, readonly Series[]>> = {
  ppo: ['value_loss', 'policy_loss', 'entropy', 'approx_kl', 'fps'],
  dqn: ['value_loss', 'exploration_rate', 'episode_length', 'learning_rate', 'fps'],
  sac: ['value_loss', 'policy_loss', 'entropy', 'ent_coef', 'fps'],
};

const perSecond = (value: number) => t('chart.fps.unit', { value: number(value) });

/** The mean return at which the environment counts as solved. */
const goalOf = ({ environment, env_kwargs }: RecordedConfig): number | undefined =>
  environmentModel(environment, env_kwargs).rewardThreshold ?? undefined;

function ChartCard({ series, config, curve, evaluations, waiting }: ChartsProps & { series: Series }) {
  const isMain = series === 'episode_reward';
  return (
    <Chart
      title={t(`chart.${series}`)}
      note={t(`chart.${series}.note`)}
      steps={curve.map(({ step }) => step)}
      values={curve.map(({ values }) => values[series])}
      dots={evaluations.map(({ step, mean_reward }) => ({ step, value: mean_reward }))}
      goal={isMain ? goalOf(config) : undefined}
      wide={isMain}
      format={series === 'fps' ? perSecond : significant}
      waiting={waiting}
    />
  );
}
