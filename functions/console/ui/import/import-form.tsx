import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { ApiError } from '#shared/http/client.ts';
import '../../i18n/imports.ts';
import { t } from '../../i18n/index.ts';
import { problemText } from '../../i18n/problems.ts';
import { Field } from '../field.tsx';
import { FormCard } from '../form-card.tsx';
import { readText } from './read-text.ts';

interface ImportFormProps {
  readonly words: {
    readonly title: string;
    readonly fileHint: string;
    readonly paste: string;
    readonly pasteHint: string;
    /** Said where there is neither a file nor a paste. */
    readonly missing: string;
  };
  readonly text: string;
  /** In UTF-16 units. */
  readonly longest: number;
  /** The field of the request that takes the text; the server's refusals of it are told beside it. */
  readonly field: string;
  /** Endings and types besides those of CSV. */
  readonly accept?: string;
  readonly placeholder?: string;
  readonly onChange: (text: string) => void;
  /** Whether the fields below are filled in; says so at each that is not. */
  readonly isComplete?: () => boolean;
  /** What is wrong with the text as a whole is thrown as a `TextProblem`. */
  readonly onCheck: () => Promise<void>;
  /** Fields of this import alone. */
  readonly children?: ComponentChildren;
}

/** A file, or pasted rows. */
export function ImportForm(props: ImportFormProps) {
  const { words, text, onChange } = props;
  const { note, problem, failure, busy, take, check } = useImportText(props);
  return (
    <FormCard
      title={words.title}
      action={t('importing.check')}
      form={{
        busy,
        failure,
        onSubmit: (event) => {
          event.preventDefault();
          if (!busy) void check();
        },
      }}
    >
      <Field label={t('importing.file')} hint={words.fileHint}>
        {(control) => (
          <input
            {...control}
            type="file"
            accept={`.csv,.tsv,.txt,text/csv,text/plain${props.accept ?? ''}`}
            onChange={({ currentTarget }) => {
              const file = currentTarget.files?.[0];
              if (file) void take(file);
            }}
          />
        )}
      </Field>
      <p role="status" class="muted">
        {note}
      </p>
      <Field label={words.paste} hint={words.pasteHint} problem={problem}>
        {(control) => (
          <textarea
            {...control}
            class="control mono roster-text"
            rows={8}
            spellcheck={false}
            placeholder={props.placeholder}
            value={text}
            onInput={({ currentTarget }) => onChange(currentTarget.value)}
          />
        )}
      </Field>
      {props.children}
    </FormCard>
  );
}

/** What is wrong with the text as a whole, in the reader's words. */
export class TextProblem extends Error {}

function useImportText({ words, text, longest, field, onChange, isComplete, onCheck }: ImportFormProps) {
  const note = useSignal('');
  const problem = useSignal<string | undefined>(undefined);
  const failure = useSignal<unknown>(undefined);
  const busy = useSignal(false);
  const take = async (file: File) => {
    const read = await readText(file, longest);
    problem.value = typeof read === 'string' ? read : undefined;
    note.value = typeof read === 'string' ? '' : read.note;
    if (typeof read !== 'string') onChange(read.text);
  };
  const check = async () => {
    problem.value = text.trim() === '' ? words.missing : undefined;
    failure.value = undefined;
    const complete = isComplete?.() ?? true;
    if (problem.value !== undefined || !complete) return;
    busy.value = true;
    try {
      await onCheck();
    } catch (error) {
      problem.value = problemOf(error, field);
      if (problem.value === undefined) failure.value = error;
    } finally {
      busy.value = false;
    }
  };
  return { note: note.value, problem: problem.value, failure: failure.value, busy: busy.value, take, check };
}

/** What is wrong with the text as a whole, if that is why it was refused. */
function problemOf(error: unknown, field: string): string | undefined {
  if (error instanceof TextProblem) return error.message;
  if (!(error instanceof ApiError) || typeof error.body.detail === 'string') return undefined;
  const issue = error.body.detail.find(({ loc }) => loc[1] === field);
  return issue && problemText(issue);
}
