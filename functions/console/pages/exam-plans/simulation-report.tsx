import { useSignal } from '@preact/signals';
import type { ExamPlan, SimulationReport } from '#shared/contracts/exam-plans.ts';
import { testing } from '../../app/testing-api.ts';
import { useResource } from '../../data/resource.ts';
import { counted, isKey, locale, number, plain, t } from '../../i18n/index.ts';
import { Note } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/words.tsx';
import { ItemTitle } from '../item-banks/item-title.tsx';
import { logit, tick } from '../item-banks/words.ts';
import { BarChart } from '../pictures/bar-chart.tsx';
import { LineChart } from '../pictures/line-chart.tsx';

const percentText = (share: number, digits = 0): string =>
  t('stats.percent', { value: number(share * 100, digits) });

interface Props {
  readonly plan: ExamPlan;
  readonly report: SimulationReport;
}

/** What hundreds of simulated students say of a test before a real one takes it. */
export function SimulationReportView({ plan, report }: Props) {
  const { summary, bank_version, made_at } = report;
  return (
    <section class="stack-l" aria-label={t('simulate.title')}>
      <div class="section-head">
        <h2>{t('simulate.title')}</h2>
        <span class="small muted">
          {t('simulate.of', { n: summary.simulees, version: bank_version })} · <Ago at={made_at} />
        </span>
      </div>
      {report.revision !== plan.revision && (
        <Note kind="warn" icon="alert">
          {t('simulate.outdated')}
        </Note>
      )}
      <Warnings report={report} />
      <Figures report={report} />
      <ByAbility plan={plan} report={report} />
      <div class="pictures">
        <ExposurePicture plan={plan} report={report} />
        <Lengths report={report} />
      </div>
      <Details report={report} />
    </section>
  );
}

const Warnings = ({ report: { warnings } }: { report: SimulationReport }) =>
  warnings.length === 0 ? (
    <Note kind="good" icon="check">
      {t('simulate.fine')}
    </Note>
  ) : (
    <div class="note warn">
      <Icon name="alert" />
      <ul class="warning-list" aria-label={t('simulate.warnings')}>
        {warnings.map(({ code, detail }) => (
          <li key={code}>
            {plain(`simulate.warning.${code}`)}
            {locale.value === 'en' && <small> {detail}</small>}
          </li>
        ))}
      </ul>
    </div>
  );

function Figures({ report: { summary, exposure_rates } }: { report: SimulationReport }) {
  const figures: readonly (readonly [string, string, string?])[] = [
    [
      t('simulate.length'),
      number(summary.mean_items, 1),
      t('simulate.lengthRange', { min: summary.min_items, max: summary.max_items }),
    ],
    [t('simulate.rmse'), number(summary.rmse, 2)],
    [t('simulate.bias'), logit(summary.bias)],
    [t('simulate.correlation'), number(summary.correlation, 3)],
    [
      t('simulate.used'),
      t('simulate.usedOf', {
        used: summary.items_used,
        all: Math.max(exposure_rates.length, summary.items_used + summary.items_never_used),
      }),
    ],
    [t('simulate.maxExposure'), percentText(summary.max_exposure), t('simulate.maxExposureNote')],
    [t('simulate.overlap'), percentText(summary.overlap)],
  ];
  return (
    <dl class="figures seven">
      {figures.map(([label, value, note]) => (
        <div key={label} class="card figure-card">
          <dt>{label}</dt>
          <dd>
            {value} {note !== undefined && <small class="muted">{note}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Of fewer simulated students about an ability a mean is mostly chance: the table has them, the curves do not. */
const fewestToDraw = 8;

/** All that is known by ability, behind each of the curves. */
const numbersOf = ({ conditional }: SimulationReport) => ({
  head: [
    t('picture.theta'),
    t('simulate.students'),
    t('simulate.meanSe'),
    t('simulate.rmse'),
    t('simulate.bias'),
    t('simulate.meanItems'),
  ],
  rows: () =>
    conditional.map(({ from, to, simulees, mean_se, rmse, bias, mean_items }) => [
      `${logit(from)} – ${logit(to)}`,
      number(simulees),
      logit(mean_se),
      logit(rmse),
      logit(bias),
      number(mean_items, 1),
    ]),
});

/** Precision, bias and length over ability, with one cursor. */
function ByAbility({ plan, report }: Props) {
  const cursor = useSignal<number | undefined>(undefined);
  const rows = report.conditional.filter(({ simulees }) => simulees >= fewestToDraw);
  const middle = ({ from, to }: (typeof rows)[number]) => (from + to) / 2;
  const numbers = numbersOf(report);
  const over = (value: (row: (typeof rows)[number]) => number) =>
    rows.map((row) => [middle(row), value(row)] as const);
  const theta = t('picture.theta');
  const aim = plan.config?.stop.se ?? null;
  const largest = Math.max(0.1, ...rows.map(({ bias }) => Math.abs(bias)));
  const high = Math.max(aim ?? 0, ...rows.flatMap(({ mean_se, rmse }) => [mean_se, rmse]));
  const shared = { xLabel: theta, xText: tick, cursor, numbers };
  return (
    <div class="pictures">
      <LineChart
        {...shared}
        title={t('simulate.seByTheta')}
        note={t('simulate.seByThetaNote')}
        yLabel={t('picture.se')}
        y={[0, high * 1.1]}
        yText={(value) => number(value, 2)}
        curves={[
          { key: 'se', label: t('simulate.meanSe'), points: over(({ mean_se }) => mean_se), colour: 0 },
          {
            key: 'rmse',
            label: t('simulate.rmse'),
            points: over(({ rmse }) => rmse),
            colour: 1,
            dashed: true,
          },
        ]}
        levels={aim === null ? [] : [{ along: 'y', at: aim, label: t('simulate.targetSe') }]}
      />
      <LineChart
        {...shared}
        title={t('simulate.biasByTheta')}
        note={t('simulate.biasByThetaNote')}
        yLabel={t('simulate.bias')}
        y={[-largest * 1.1, largest * 1.1]}
        yText={tick}
        curves={[{ key: 'bias', label: t('simulate.bias'), points: over(({ bias }) => bias), colour: 0 }]}
        levels={[{ along: 'y', at: 0, label: t('simulate.noBias') }]}
      />
      <LineChart
        {...shared}
        title={t('simulate.itemsByTheta')}
        note={t('simulate.itemsByThetaNote')}
        yLabel={t('simulate.meanItems')}
        y={[0, report.summary.max_items * 1.1]}
        yText={(value) => number(value, 1)}
        curves={[
          {
            key: 'items',
            label: t('simulate.meanItems'),
            points: over(({ mean_items }) => mean_items),
            colour: 0,
          },
        ]}
      />
    </div>
  );
}

/** More bars than this are one blur: of them every so-many-th is drawn. */
const mostBars = 240;
const usualLimit = 0.25;

function ExposurePicture({ plan, report: { exposure_rates } }: Props) {
  const stride = Math.max(1, Math.ceil(exposure_rates.length / mostBars));
  const kept = exposure_rates
    .map((rate, index) => ({ rate, index }))
    .filter(({ index }) => index % stride === 0);
  const exposure = plan.config?.exposure;
  const limit =
    exposure?.r_max ?? exposure?.eligibility?.r_max ?? exposure?.sympson_hetter?.target ?? usualLimit;
  return (
    <BarChart
      title={t('simulate.exposureSorted')}
      note={t('simulate.exposureNote')}
      xLabel={t('simulate.item')}
      yLabel={t('simulate.share')}
      yText={(value) => percentText(value)}
      bars={kept.map(({ rate, index }) => ({
        key: String(index),
        label: String(index + 1),
        value: rate,
        marked: rate > limit,
      }))}
      level={{ along: 'y', at: limit, label: percentText(limit) }}
    />
  );
}

function Lengths({ report: { lengths } }: { report: SimulationReport }) {
  const counts = new Map(lengths.map(({ items, sessions }) => [items, sessions]));
  const first = lengths[0]?.items ?? 0;
  const last = lengths.at(-1)?.items ?? 0;
  const all = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const stride = Math.max(1, Math.ceil(all.length / 8));
  return (
    <BarChart
      title={t('simulate.lengths')}
      note={t('simulate.lengthsNote')}
      xLabel={t('simulate.meanItems')}
      yLabel={t('simulate.tests')}
      yText={(value) => number(value)}
      bars={all.map((items) => ({ key: String(items), label: String(items), value: counts.get(items) ?? 0 }))}
      places={all.flatMap((items, at) => (at % stride === 0 ? [{ at, label: String(items) }] : []))}
    />
  );
}

const stopText = (reason: string): string => {
  const key = `session.stop.${reason}`;
  return isKey(key) ? plain(key) : reason;
};

function Details({ report }: { report: SimulationReport }) {
  const { stop_reasons, groups, sympson_hetter, summary } = report;
  return (
    <div class="pictures">
      <section class="card table-wrap">
        <div class="card-head">
          <h2>{t('simulate.stops')}</h2>
        </div>
        <Table
          label={t('simulate.stops')}
          items={stop_reasons}
          keyOf={({ reason }) => reason}
          columns={[
            { label: t('session.stop'), role: 'lead', cell: ({ reason }) => stopText(reason) },
            {
              label: t('simulate.tests'),
              role: 'end',
              cell: ({ sessions }) => percentText(sessions / summary.simulees),
            },
          ]}
        />
      </section>
      {groups.length > 0 && (
        <section class="card table-wrap">
          <div class="card-head">
            <h2>{t('simulate.groups')}</h2>
          </div>
          <Table
            label={t('simulate.groups')}
            items={groups}
            keyOf={({ name }) => name}
            columns={[
              { label: t('plan.shareName'), role: 'lead', cell: ({ name }) => name },
              { label: t('simulate.wanted'), role: 'end', cell: ({ wanted }) => percentText(wanted, 1) },
              { label: t('simulate.given'), role: 'end', cell: ({ given }) => percentText(given, 1) },
            ]}
          />
        </section>
      )}
      {sympson_hetter && (
        <LineChart
          title={t('simulate.sympson')}
          note={t('simulate.sympsonNote')}
          xLabel={t('simulate.round')}
          yLabel={t('simulate.maxExposure')}
          yText={(value) => percentText(value)}
          xText={(value) => number(value)}
          curves={[
            {
              key: 'max',
              label: t('simulate.maxExposure'),
              points: sympson_hetter.max_exposure.map((value, at) => [at + 1, value] as const),
              colour: 0,
            },
          ]}
        />
      )}
      <NamedItems report={report} />
    </div>
  );
}

/** The items that are used too much, and those that are not used. */
function NamedItems({ report }: { report: SimulationReport }) {
  const { bank_id, exposure, never_used, summary } = report;
  const most = exposure.slice(0, 10);
  const { data } = useResource(`most-given.${report.plan_id}.${report.made_at}`, (signal) =>
    Promise.all(
      most.map(({ item_id }) =>
        testing.items.getItem({ params: { item_id }, signal }).catch(() => undefined),
      ),
    ),
  );
  return (
    <section class="card table-wrap">
      <div class="card-head">
        <h2>{t('simulate.most')}</h2>
        {never_used.length > 0 && (
          <span class="small muted">{counted('simulate.neverN', summary.items_never_used)}</span>
        )}
      </div>
      <Table
        label={t('simulate.most')}
        items={most}
        keyOf={({ item_id }) => item_id}
        columns={[
          {
            label: t('simulate.item'),
            role: 'lead',
            cell: ({ item_id }) => {
              const item = data?.find((one) => one?.item_id === item_id);
              return (
                <a class="row-link" href={`/item-banks/${bank_id}/items/${item_id}`}>
                  {item ? <ItemTitle body={item.body} /> : '…'}
                </a>
              );
            },
          },
          { label: t('simulate.share'), role: 'end', cell: ({ rate }) => percentText(rate) },
        ]}
      />
    </section>
  );
}
