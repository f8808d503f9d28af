import { api } from '../../app/api.ts';
import { useAct } from '../../data/act.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/feedback.tsx';
import { fileOf, saveFile } from '../teaching/save-file.ts';
import { policies } from './policies.ts';
import { saveTrainingFile } from './save-training-file.ts';
import type { Session } from './status.ts';

interface File {
  readonly name: 'csv' | 'jsonl' | 'zip' | 'safetensors' | 'tfjs';
  readonly save: () => Promise<void>;
}

/** The metrics as they stand, and of a completed training what it has learnt. */
export function Downloads({ session: { session_id, status } }: { session: Session }) {
  const params = { session_id };
  const metrics = async (format: 'csv' | 'jsonl') =>
    saveTrainingFile(await api.training.exportMetrics({ params, query: { format } }));
  const policy = async (format: 'zip' | 'safetensors' | 'tfjs') => {
    const { file_name, media_type, base64 } = await policies.exportPolicy({ params, query: { format } });
    saveFile(file_name, fileOf(base64, media_type));
  };
  const ofMetrics: readonly File[] = [
    { name: 'csv', save: () => metrics('csv') },
    { name: 'jsonl', save: () => metrics('jsonl') },
  ];
  const ofPolicy: readonly File[] = [
    { name: 'zip', save: () => policy('zip') },
    { name: 'safetensors', save: () => policy('safetensors') },
    { name: 'tfjs', save: () => policy('tfjs') },
  ];
  return (
    <section class="card card-body stack">
      <h2 class="section-title">{t('downloads.title')}</h2>
      {status === 'completed' && <Files title={t('downloads.policy')} files={ofPolicy} />}
      <Files title={t('downloads.metrics')} files={ofMetrics} />
    </section>
  );
}

function Files({ title, files }: { title: string; files: readonly File[] }) {
  const { busy, failure, run } = useAct();
  return (
    <div class="stack">
      <p class="small muted">{title}</p>
      <div class="row">
        {files.map(({ name, save }) => (
          <Button
            key={name}
            size="small"
            icon="download"
            busy={busy === name}
            onClick={() => void run(name, save)}
          >
            {t(`downloads.${name}`)}
          </Button>
        ))}
      </div>
      <Failure error={failure} />
    </div>
  );
}
