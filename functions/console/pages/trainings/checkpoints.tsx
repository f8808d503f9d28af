import { api } from '../../app/api.ts';
import { useAct } from '../../data/act.ts';
import { useResource } from '../../data/resource.ts';
import { number, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { Ago } from '../../ui/words.tsx';
import { saveTrainingFile } from './save-training-file.ts';

interface Props {
  readonly id: string;
  /** Changes when there may be another one. */
  readonly version: string;
}

type Checkpoint = Awaited<ReturnType<typeof api.training.checkpoints>>['items'][number];

/** The states that are kept of a training, newest first. */
export function Checkpoints({ id, version }: Props) {
  const { data } = useResource(`checkpoints.${id}.${version}`, (signal) =>
    api.training.checkpoints({ params: { session_id: id }, query: { limit: 100 }, signal }),
  );
  const { busy, failure, run } = useAct();
  if (!data?.items.length) return null;
  const save = async (step: number) =>
    saveTrainingFile(await api.training.exportCheckpoint({ params: { session_id: id, step } }));
  return (
    <section class="card card-body">
      <details class="disclosure">
        <summary>
          <Icon name="chevron" size={16} />
          {t('checkpoints.title')}
          <span class="disclosure-note numbers">{number(data.items.length)}</span>
        </summary>
        <div class="stack">
          <Failure error={failure} />
          <ScrollRegion class="evaluations-scroll" label={t('checkpoints.title')}>
            <ol class="checkpoints">
              {data.items.toReversed().map((checkpoint) => (
                <Line
                  key={checkpoint.step}
                  checkpoint={checkpoint}
                  busy={busy === String(checkpoint.step)}
                  onSave={() => void run(String(checkpoint.step), () => save(checkpoint.step))}
                />
              ))}
            </ol>
          </ScrollRegion>
        </div>
      </details>
    </section>
  );
}

interface LineProps {
  readonly checkpoint: Checkpoint;
  readonly busy: boolean;
  readonly onSave: () => void;
}
const Line = ({ checkpoint: { step, reasons, size_bytes, at }, busy, onSave }: LineProps) => (
  <li>
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
      <Button size="small" kind="quiet" icon="download" busy={busy} onClick={onSave}>
        <span class="visually-hidden">{t('checkpoints.save', { step })}</span>
      </Button>
    </span>
  </li>
);
