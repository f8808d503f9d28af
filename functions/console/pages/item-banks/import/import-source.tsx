import { useSignal } from '@preact/signals';
import { longestImport, mostImportedItems } from '#shared/contracts/item-banks.ts';
import { decodeText } from '#shared/domain/csv/decode.ts';
import { ApiError } from '#shared/http/client.ts';
import { t } from '../../../i18n/index.ts';
import { problemText } from '../../../i18n/problems.ts';
import { Button } from '../../../ui/button.tsx';
import { Failure } from '../../../ui/feedback.tsx';
import { Field } from '../../../ui/field.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { saveFile } from '../../teaching/save-file.ts';

interface Props {
  readonly content: string;
  readonly onChange: (content: string) => void;
  readonly onCheck: () => Promise<void>;
}

const sample = `external_id,kind,body,option_1,option_2,option_3,option_4,key,explanation,model,a,b,c,status,subject,module,tags
py-1,choice,"What does \`len(""abc"")\` give?",2,3,4,an error,2,"\`len\` counts the characters.",3PL,1.1,-1.4,0.25,live,Python,Strings,len
py-2,multi,Which of these are whole numbers?,7,2.5,-3,1/3,1;3,,,,,,draft,Python,Numbers,int;float
py-3,numeric,"What is $3/4$ in decimals?",,,,,0.75±0.001,,2PL,0.9,-0.5,,live,Mathematics,Fractions,
py-4,text,Which word begins a function in Python?,,,,,def,,,,,,draft,Python,Functions,
`;

/** A file, or its pasted content. */
export function ImportSource({ content, onChange, onCheck }: Props) {
  const problem = useSignal<string | undefined>(undefined);
  const failure = useSignal<unknown>(undefined);
  const busy = useSignal(false);

  const take = async (file: File) => {
    const read = await textOf(file);
    problem.value = 'problem' in read ? read.problem : undefined;
    if ('text' in read) onChange(read.text);
  };
  const check = async () => {
    problem.value = content.trim() === '' ? t('importItems.missing') : undefined;
    failure.value = undefined;
    if (problem.value !== undefined) return;
    busy.value = true;
    try {
      await onCheck();
    } catch (error) {
      problem.value = contentProblem(error);
      if (problem.value === undefined) failure.value = error;
    } finally {
      busy.value = false;
    }
  };
  return (
    <form
      class="card"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy.value) void check();
      }}
    >
      <div class="card-head">
        <h2>{t('importItems.choose')}</h2>
      </div>
      <div class="card-body stack">
        <Field label={t('importItems.file')} hint={t('importItems.fileHint', { most: mostImportedItems })}>
          {(control) => (
            <input
              {...control}
              type="file"
              accept=".csv,.tsv,.txt,.json,text/csv,text/plain,application/json"
              onChange={({ currentTarget }) => {
                const file = currentTarget.files?.[0];
                if (file) void take(file);
              }}
            />
          )}
        </Field>
        <Field label={t('importItems.paste')} hint={t('importItems.pasteHint')} problem={problem.value}>
          {(control) => (
            <textarea
              {...control}
              class="control mono roster-text"
              rows={8}
              spellcheck={false}
              value={content}
              onInput={({ currentTarget }) => onChange(currentTarget.value)}
            />
          )}
        </Field>
        <details class="disclosure">
          <summary>
            <Icon name="chevron" size={16} />
            {t('importItems.columns')}
          </summary>
          <div class="stack">
            <p class="small">{t('importItems.columnsText')}</p>
            <div>
              <Button
                size="small"
                icon="download"
                onClick={() =>
                  saveFile('items.csv', new Blob([`\uFEFF${sample}`], { type: 'text/csv;charset=utf-8' }))
                }
              >
                {t('importItems.sample')}
              </Button>
            </div>
          </div>
        </details>
        <Failure error={failure.value} />
      </div>
      <div class="card-foot">
        <Button kind="primary" submit busy={busy.value}>
          {t('importItems.check')}
        </Button>
      </div>
    </form>
  );
}

async function textOf(file: File): Promise<{ readonly text: string } | { readonly problem: string }> {
  if (file.size > 3 * longestImport) return { problem: t('importItems.tooLarge') };
  const decoded = decodeText(new Uint8Array(await file.arrayBuffer()));
  if (!decoded || decoded.text.includes('\0')) return { problem: t('rosterFile.notText') };
  return { text: decoded.text };
}

/** What is wrong with the file as a whole, if that is why it was refused. */
function contentProblem(error: unknown): string | undefined {
  if (!(error instanceof ApiError) || typeof error.body.detail === 'string') return undefined;
  const issue = error.body.detail.find(({ loc }) => loc[1] === 'content');
  return issue && problemText(issue);
}
