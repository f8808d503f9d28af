import { useSignal } from '@preact/signals';
import type { SweepTrial } from '#shared/contracts/training-sweeps.ts';
import { number, significant, t } from '../../../i18n/index.ts';
import { Select } from '../../../ui/select.tsx';
import { type Axis, numericAxis, ordinalAxis } from '../charts/axis.ts';
import { settingText } from '../training-settings.tsx';
import { namesIn, settingsText } from './sweep-words.ts';

interface Props {
  readonly trials: readonly SweepTrial[];
  readonly best: number | null;
}

/** The return of each trial, by its number or by a setting: the mean over its seeds, its deviation, each run. */
export function SweepPicture({ trials, best }: Props) {
  const by = useSignal('');
  const names = trials[0] ? namesIn(trials[0]) : [];
  const known = trials.some(({ reward }) => reward !== null);
  return (
    <section class="card chart-card wide">
      <div class="chart-head">
        <h2>{t('sweep.picture')}</h2>
        <Select
          label={t('sweep.by')}
          value={by.value}
          onChange={(name) => {
            by.value = name;
          }}
        >
          {['', ...names].map((name) => (
            <option key={name} value={name}>
              {t('sweep.across', { what: whatOf(name) })}
            </option>
          ))}
        </Select>
      </div>
      <p class="chart-note">{t('sweep.pictureNote')}</p>
      {known ? (
        <Dots trials={trials} best={best} by={by.value} />
      ) : (
        <div class="chart-box">
          <div class="chart-wait">{t('sweep.noResult')}</div>
        </div>
      )}
    </section>
  );
}

/** Along the axis: a setting by its own name, or else the trials themselves. */
const whatOf = (by: string): string => (by === '' ? t('sweep.byTrial') : by);
const percent = (share: number): string => `${(share * 100).toFixed(2)}%`;

function Dots({ trials, best, by }: Props & { by: string }) {
  const across = acrossOf(trials, by);
  const up = numericAxis(trials.flatMap(heights), { margin: 0.06, mostTicks: 5 });
  return (
    <div class="dot-plot" role="img" aria-label={t('sweep.pictureOf', { by: whatOf(by), n: trials.length })}>
      {up.ticks.map(({ at, value }) => (
        <div key={value} class="level" style={{ bottom: percent(at) }}>
          <span>{significant(value)}</span>
        </div>
      ))}
      <div class="field-of-dots">
        {trials.map((trial, index) => (
          <Dot
            key={index}
            trial={trial}
            title={t('sweep.number', { n: index + 1 })}
            left={across.places[index] ?? 0}
            up={up}
            isBest={index === best}
          />
        ))}
      </div>
      {across.ticks.map(({ at, label }) => (
        <span key={label} class="place" style={{ '--at': String(at) }}>
          {label}
        </span>
      ))}
    </div>
  );
}

/** Whatever of it is drawn lies between the lowest and the highest of these. */
const heights = ({ reward, runs }: SweepTrial): number[] => [
  ...runs.map((run) => run.best_mean_reward).filter((value) => value !== null),
  ...(reward ? [reward.mean - (reward.sd ?? 0), reward.mean + (reward.sd ?? 0)] : []),
];

interface DotProps {
  readonly trial: SweepTrial;
  readonly title: string;
  readonly left: number;
  readonly up: Axis<number>;
  readonly isBest: boolean;
}
function Dot({ trial, title, left, up, isBest }: DotProps) {
  const { reward, runs } = trial;
  if (!reward) return null;
  const sd = reward.sd ?? 0;
  const low = up.at(reward.mean - sd);
  return (
    <div
      class={`dot-column ${isBest ? 'best' : ''}`}
      style={{ left: percent(left) }}
      title={`${title}: ${number(reward.mean, 1)} (${settingsText(trial)})`}
    >
      {sd > 0 && (
        <i
          class="spread-bar"
          style={{ bottom: percent(low), height: percent(up.at(reward.mean + sd) - low) }}
        />
      )}
      {runs.map(
        ({ session_id, best_mean_reward }) =>
          best_mean_reward !== null && (
            <i key={session_id} class="run-dot" style={{ bottom: percent(up.at(best_mean_reward)) }} />
          ),
      )}
      <i class="mean-dot" style={{ bottom: percent(up.at(reward.mean)) }} />
    </div>
  );
}

const mostPlaces = 8;
const manyTimes = 20;

/** Numbers that are many lie by their size, on a logarithmic scale where they span magnitudes; few lie side by side. */
function acrossOf(trials: readonly SweepTrial[], by: string) {
  if (by === '') {
    const axis = ordinalAxis(
      trials.map((_, index) => index),
      mostPlaces,
    );
    return drawn(axis, [...trials.keys()], (index) => t('sweep.number', { n: index + 1 }));
  }
  const values = trials.map(({ hyperparameters }) => hyperparameters[by]);
  const numbers = values.filter((value) => typeof value === 'number');
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  if (numbers.length < values.length) {
    const words = values.map(settingText);
    return drawn(ordinalAxis([...new Set(words)], mostPlaces), words, (word) => word);
  }
  if (distinct.length <= mostPlaces) return drawn(ordinalAxis(distinct, mostPlaces), numbers, significant);
  const [low = 1] = distinct;
  const isLog = low > 0 && (distinct.at(-1) ?? 1) / low >= manyTimes;
  return drawn(numericAxis(numbers, { isLog, margin: 0.05, mostTicks: 5 }), numbers, significant);
}

const drawn = <T,>(axis: Axis<T>, values: readonly T[], label: (value: T) => string) => ({
  places: values.map((value, index) => axis.at(value) + besides(values, index)),
  ticks: axis.ticks.map(({ at, value }) => ({ at, label: label(value) })),
});

/** Trials with the same value stand side by side around its place. */
function besides<T>(values: readonly T[], index: number): number {
  const value = values[index];
  const same = values.filter((other) => other === value).length;
  const before = values.slice(0, index).filter((other) => other === value).length;
  const room = 0.6 / new Set(values).size;
  return ((before + 0.5) / same - 0.5) * room;
}
