import { useSignal } from '@preact/signals';
import type { MetricsFile } from '#shared/contracts/training.ts';
import { api } from '../../app/api.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/feedback.tsx';
import { fileOf, saveFile } from '../teaching/save-file.ts';
import { policies } from './policies.ts';
import type { Session } from './status.ts';

interface File {
  readonly name: 'csv' | 'jsonl' | 'zip' | 'safetensors' | 'tfjs';
  readonly save: () => Promise<void>;
}

/** The metrics as they stand, and of a completed training what it has learnt. */
export function Downloads({ session: { session_id, status } }: { session: Session }) {
  const params = { session_id };
  const metrics = async (format: 'csv' | 'jsonl') =>
    saveMetrics(await api.training.exportMetrics({ params, query: { format } }));
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

/** A small file comes with the reply, a large one in parts from where it lies. */
export function saveMetrics({ file_name, media_type, base64, urls }: MetricsFile): void {
  if (base64 !== null) saveFile(file_name, fileOf(base64, media_type));
  for (const url of urls) {
    // the page may not read another origin; a download it may start
    const link = document.createElement('a');
    link.href = url;
    link.download = file_name;
    link.target = '_blank';
    link.click();
  }
}

function Files({ title, files }: { title: string; files: readonly File[] }) {
  const busy = useSignal('');
  const failure = useSignal<unknown>(undefined);
  const run = async ({ name, save }: File) => {
    busy.value = name;
    failure.value = undefined;
    try {
      await save();
    } catch (error) {
      failure.value = error;
    } finally {
      busy.value = '';
    }
  };
  return (
    <div class="stack">
      <p class="small muted">{title}</p>
      <div class="row">
        {files.map((file) => (
          <Button
            key={file.name}
            size="small"
            icon="download"
            busy={busy.value === file.name}
            onClick={() => void run(file)}
          >
            {t(`downloads.${file.name}`)}
          </Button>
        ))}
      </div>
      <Failure error={failure.value} />
    </div>
  );
}
