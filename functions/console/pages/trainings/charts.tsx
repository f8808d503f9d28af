import type { TrainingEvaluated } from '#shared/contracts/training.ts';
import { number, significant, t } from '../../i18n/index.ts';
import { Chart } from './chart.tsx';
import type { Point, Series } from './curve.ts';

/** Gymnasium registers CartPole-v1 with this reward threshold: a mean return that counts as solved. */
const solvedAt = 475;

interface ChartsProps {
  readonly curve: readonly Point[];
  readonly evaluations: readonly TrainingEvaluated[];
  readonly waiting: boolean;
}
/** The one curve that says whether the agent learns. */
export const MainChart = (props: ChartsProps) => <ChartCard series="episode_reward" {...props} />;

/** The curves that say why. */
export const MinorCharts = (props: Omit<ChartsProps, 'evaluations'>) => (
  <section class="charts" aria-label={t('charts.title')}>
    {minorSeries.map((series) => (
      <ChartCard key={series} series={series} evaluations={[]} {...props} />
    ))}
  </section>
);
const minorSeries: readonly Series[] = ['value_loss', 'policy_loss', 'entropy', 'approx_kl', 'fps'];

const perSecond = (value: number) => t('chart.fps.unit', { value: number(value) });

function ChartCard({ series, curve, evaluations, waiting }: ChartsProps & { series: Series }) {
  const isMain = series === 'episode_reward';
  return (
    <Chart
      title={t(`chart.${series}`)}
      note={t(`chart.${series}.note`)}
      steps={curve.map(({ step }) => step)}
      values={curve.map(({ values }) => values[series])}
      dots={evaluations.map(({ step, mean_reward }) => ({ step, value: mean_reward }))}
      goal={isMain ? solvedAt : undefined}
      wide={isMain}
      format={series === 'fps' ? perSecond : significant}
      waiting={waiting}
    />
  );
}
