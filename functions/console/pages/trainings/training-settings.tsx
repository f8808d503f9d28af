import type { RecordedConfig } from '#shared/contracts/training.ts';
import { t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { isLinear, shownValue } from './form/hyperparameters.ts';

/** Everything that makes the run repeatable, under the names that papers use. */
export function TrainingSettings({ config }: { config: RecordedConfig }) {
  const { seed, engine, max_steps, eval_frequency, save_frequency, env_kwargs, hyperparameters } = config;
  const facts = Object.entries({
    seed,
    engine,
    max_steps,
    eval_frequency,
    save_frequency,
    ...env_kwargs,
    ...hyperparameters,
  });
  return (
    <section class="card card-body">
      <details class="disclosure">
        <summary>
          <Icon name="chevron" size={16} />
          {t('training.settings')}
        </summary>
        <div>
          <dl class="facts config">
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{settingText(value)}</dd>
              </div>
            ))}
          </dl>
        </div>
      </details>
    </section>
  );
}

export function settingText(value: unknown): string {
  if (value === null || value === false) return t('hyper.off');
  if (value === true) return t('hyper.on');
  return isLinear(value) ? `${value.start} → ${value.end}` : shownValue(value);
}
