import type { RecordedConfig } from '#shared/contracts/training.ts';
import { t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { hyperparameters } from './training-form.ts';

/** Everything that makes the run repeatable, under the names that papers use. */
export function TrainingSettings({ config }: { config: RecordedConfig }) {
  const shown = (value: RecordedConfig['hyperparameters'][(typeof hyperparameters)[number]]): string => {
    if (value === null) return t('hyper.off');
    return typeof value === 'number' ? String(value) : `${value.start} → ${value.end}`;
  };
  const facts: [string, string][] = [
    ['seed', String(config.seed)],
    ['max_steps', String(config.max_steps)],
    ['eval_frequency', String(config.eval_frequency)],
    ['save_frequency', String(config.save_frequency)],
    ...hyperparameters.map((name): [string, string] => [name, shown(config.hyperparameters[name])]),
  ];
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
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </div>
      </details>
    </section>
  );
}
