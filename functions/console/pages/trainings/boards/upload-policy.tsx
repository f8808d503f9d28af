import { ApiError } from '#shared/http/client.ts';
import { newKey } from '../../../app/api.ts';
import { useAct } from '../../../data/act.ts';
import { locale, t } from '../../../i18n/index.ts';
import { problemText } from '../../../i18n/problems.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Failure } from '../../../ui/feedback.tsx';
import { Field } from '../../../ui/field.tsx';
import { titleOf } from '../environment-title.ts';
import { policies } from '../policies.ts';
import { uploadOf } from './policy-files.ts';

interface Props {
  readonly environment: string;
  readonly env_kwargs: Readonly<Record<string, unknown>>;
  readonly onClose: () => void;
  readonly onEntered: (entry_id: string) => void;
}

/** A policy trained elsewhere is checked, kept, and entered on the board. */
export function UploadPolicy({ environment, env_kwargs, onClose, onEntered }: Props) {
  const { busy, failure, run } = useAct();
  const enter = async (files: readonly File[]) => {
    const body = await uploadOf(files, environment, env_kwargs);
    if (typeof body === 'string') throw new NoPolicy(body);
    const { upload_id } = await policies.uploadPolicy({ body, idempotency_key: newKey() });
    const { entry_id } = await policies.enter({ params: { environment }, body: { upload_id } });
    onEntered(entry_id);
  };
  return (
    <Dialog title={t('upload.title')} onClose={onClose}>
      <p class="muted">{t('upload.text', { environment: titleOf(environment) })}</p>
      <Field label={t('upload.files')} hint={t('upload.hint')}>
        {(control) => (
          <input
            {...control}
            type="file"
            multiple
            accept=".safetensors,.json,.bin,.zip"
            disabled={busy !== undefined}
            onChange={({ currentTarget }) => {
              const files = [...(currentTarget.files ?? [])];
              if (files.length > 0) void run('enter', () => enter(files));
              currentTarget.value = '';
            }}
          />
        )}
      </Field>
      <div role="status">{busy !== undefined && <p class="muted">{t('upload.checking')}</p>}</div>
      <Refusal error={failure} />
      <div class="dialog-foot">
        <Button onClick={onClose}>{t('action.cancel')}</Button>
      </div>
    </Dialog>
  );
}

/** The chosen files are none that could be sent. */
class NoPolicy extends Error {}

/** What is wrong with the file, by the tensor or layer that the server names. */
function Refusal({ error }: { error: unknown }) {
  const problems = problemsOf(error);
  if (problems.length === 0) return <Failure error={error} />;
  return (
    <div class="note bad" role="alert">
      <div class="grow">
        <p>{t('upload.refused')}</p>
        <ul class="plain-list">
          {problems.map(({ words, detail }) => (
            <li key={words + detail}>
              {words}
              {detail !== undefined && <small lang="en">{detail}</small>}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function problemsOf(error: unknown): readonly { readonly words: string; readonly detail?: string }[] {
  if (error instanceof NoPolicy) return [{ words: error.message }];
  if (!(error instanceof ApiError) || typeof error.body.detail === 'string') return [];
  return error.body.detail.map((issue) => ({
    words: problemText(issue),
    // the server's own words say which layer, and they are English
    ...(locale.value !== 'en' && { detail: issue.msg }),
  }));
}
