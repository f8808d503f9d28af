import { api } from '../../app/api.ts';
import { useResource } from '../../data/resource.ts';
import { number, t } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { Ago } from '../../ui/words.tsx';

interface Props {
  readonly id: string;
  /** Changes when there may be another one. */
  readonly version: string;
}

/** The states that are kept of a training, newest first. */
export function Checkpoints({ id, version }: Props) {
  const { data } = useResource(`checkpoints.${id}.${version}`, (signal) =>
    api.training.checkpoints({ params: { session_id: id }, query: { limit: 100 }, signal }),
  );
  if (!data?.items.length) return null;
  return (
    <section class="card card-body">
      <details class="disclosure">
        <summary>
          <Icon name="chevron" size={16} />
          {t('checkpoints.title')}
          <span class="disclosure-note numbers">{number(data.items.length)}</span>
        </summary>
        <ScrollRegion class="evaluations-scroll" label={t('checkpoints.title')}>
          <ol class="checkpoints">
            {data.items.toReversed().map(({ step, reasons, size_bytes, at }) => (
              <li key={step}>
                <span>
                  {t('evaluations.atStep', { step })}
                  <small>
                    {size_bytes !== null && t('checkpoints.size', { kb: Math.ceil(size_bytes / 1024) })}
                    {at !== null && (
                      <>
                        {' · '}
                        <Ago at={at} />
                      </>
                    )}
                  </small>
                </span>
                <span class="row">
                  {reasons.map((reason) => (
                    <span key={reason} class={`badge ${reason === 'best' ? 'good' : ''}`}>
                      {t(`checkpoints.${reason}`)}
                    </span>
                  ))}
                </span>
              </li>
            ))}
          </ol>
        </ScrollRegion>
      </details>
    </section>
  );
}
