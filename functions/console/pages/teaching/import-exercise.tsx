import { useSignal } from '@preact/signals';
import type { ExerciseInput } from '#shared/contracts/exercises.ts';
import { ApiError } from '#shared/http/client.ts';
import { api, newKey } from '../../app/api.ts';
import { navigate } from '../../app/location.ts';
import { toast } from '../../app/toasts.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/feedback.tsx';
import { Field } from '../../ui/field.tsx';
import { base64Of } from './save-file.ts';

/** As base64 the file travels in the request, and that takes no more. */
const largest_bytes = 500_000;

/** An exercise from a file: what the export makes, of this school or of another one. */
export function ImportExercise({ onClose }: { onClose: () => void }) {
  const busy = useSignal(false);
  const problems = useSignal<readonly string[]>([]);
  const failure = useSignal<unknown>(undefined);
  const take = async (file: File) => {
    busy.value = true;
    problems.value = [];
    failure.value = undefined;
    try {
      const body = await readFile(file);
      if (typeof body === 'string') problems.value = [body];
      else {
        const made = await api.exercises.importExercise({ body, idempotency_key: newKey() });
        toast('good', t('import.done'));
        navigate(`/exercises/${made.exercise_id}`);
      }
    } catch (error) {
      const details = error instanceof ApiError ? error.body.detail : '';
      if (typeof details === 'string') failure.value = error;
      else problems.value = details.map(({ loc, msg }) => `${loc.slice(1).join(' › ')}: ${msg}`);
    } finally {
      busy.value = false;
    }
  };
  return (
    <Dialog title={t('library.import')} onClose={onClose}>
      <p class="muted">{t('import.text')}</p>
      <Field label={t('import.file')}>
        {(control) => (
          <input
            {...control}
            type="file"
            accept=".json,.zip,application/json,application/zip"
            disabled={busy.value}
            onChange={({ currentTarget }) => {
              const file = currentTarget.files?.[0];
              if (file) void take(file);
              currentTarget.value = '';
            }}
          />
        )}
      </Field>
      <div role="status">
        {busy.value && <p class="muted">{t('import.reading')}</p>}
        {problems.value.length > 0 && (
          <div class="note bad">
            <div class="grow">
              <p>{t('import.refused')}</p>
              <ul class="plain-list">
                {problems.value.map((problem) => (
                  <li key={problem}>{problem}</li>
                ))}
              </ul>
            </div>
          </div>
        )}
      </div>
      <Failure error={failure.value} />
      <div class="dialog-foot">
        <Button onClick={onClose}>{t('action.cancel')}</Button>
      </div>
    </Dialog>
  );
}

type ImportBody =
  | { readonly format: 'json'; readonly exercise: ExerciseInput }
  | { readonly format: 'zip'; readonly base64: string };

/** What is sent, or why it cannot be. */
async function readFile(file: File): Promise<ImportBody | string> {
  if (file.size > largest_bytes) return t('import.tooLarge');
  const bytes = new Uint8Array(await file.arrayBuffer());
  // a zip begins with PK
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return { format: 'zip', base64: base64Of(bytes) };
  try {
    // the server says field by field what is not as it should be
    return { format: 'json', exercise: JSON.parse(new TextDecoder().decode(bytes)) as ExerciseInput };
  } catch {
    return t('import.neither');
  }
}
