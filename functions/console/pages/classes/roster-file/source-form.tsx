import { useSignal } from '@preact/signals';
import { mostRosterRows } from '#shared/contracts/rosters.ts';
import { ApiError } from '#shared/http/client.ts';
import { user } from '../../../app/session.ts';
import { t } from '../../../i18n/index.ts';
import { problemText } from '../../../i18n/problems.ts';
import { Button } from '../../../ui/button.tsx';
import { Check } from '../../../ui/check.tsx';
import { Failure } from '../../../ui/feedback.tsx';
import { Field } from '../../../ui/field.tsx';
import type { Choice } from '../../../ui/picker.tsx';
import { TeacherChoice } from '../new-class.tsx';
import { readFile } from './read-file.ts';

/** What is to be imported; kept while one looks at what it will do. */
export interface Source {
  readonly csv: string;
  readonly create_classes: boolean;
  readonly teacher: Choice | undefined;
}
interface Props {
  readonly source: Source;
  /** Into one class: rows name none, and none is created. */
  readonly isOneClass: boolean;
  readonly onChange: (source: Source) => void;
  readonly onCheck: () => Promise<void>;
}

const example = 'name,username,email,grade,class\n김민아,mina,,10,10-1';

/** A file or pasted rows, and what to do with classes that do not exist. */
export function SourceForm({ source, isOneClass, onChange, onCheck }: Props) {
  const note = useSignal('');
  const problem = useSignal<string | undefined>(undefined);
  const failure = useSignal<unknown>(undefined);
  const busy = useSignal(false);
  const needsTeacher = source.create_classes && user.value?.role !== 'teacher';
  const teacherMissing = useSignal(false);

  const take = async (file: File) => {
    const read = await readFile(file);
    problem.value = typeof read === 'string' ? read : undefined;
    note.value = typeof read === 'string' ? '' : read.note;
    if (typeof read !== 'string') onChange({ ...source, csv: read.text });
  };
  const check = async () => {
    problem.value = source.csv.trim() === '' ? t('rosterFile.missing') : undefined;
    teacherMissing.value = needsTeacher && source.teacher === undefined;
    failure.value = undefined;
    if (problem.value !== undefined || teacherMissing.value) return;
    busy.value = true;
    try {
      await onCheck();
    } catch (error) {
      problem.value = csvProblem(error);
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
        <h2>{t('rosterFile.step.choose')}</h2>
      </div>
      <div class="card-body stack">
        <Field label={t('rosterFile.file')} hint={t('rosterFile.fileHint', { most: mostRosterRows })}>
          {(control) => (
            <input
              {...control}
              type="file"
              accept=".csv,.tsv,.txt,text/csv,text/plain"
              onChange={({ currentTarget }) => {
                const file = currentTarget.files?.[0];
                if (file) void take(file);
              }}
            />
          )}
        </Field>
        <p role="status" class="muted">
          {note.value}
        </p>
        <Field label={t('rosterFile.paste')} hint={t('rosterFile.pasteHint')} problem={problem.value}>
          {(control) => (
            <textarea
              {...control}
              class="control mono roster-text"
              rows={8}
              spellcheck={false}
              placeholder={example}
              value={source.csv}
              onInput={({ currentTarget }) => onChange({ ...source, csv: currentTarget.value })}
            />
          )}
        </Field>
        {!isOneClass && (
          <Check
            label={t('rosterFile.createClasses')}
            checked={source.create_classes}
            onChange={(create_classes) => onChange({ ...source, create_classes })}
          />
        )}
        {needsTeacher && (
          <TeacherChoice
            chosen={source.teacher}
            onChoose={(teacher) => onChange({ ...source, teacher })}
            problem={teacherMissing.value ? t('class.teacherMissing') : undefined}
          />
        )}
        <Failure error={failure.value} />
      </div>
      <div class="card-foot">
        <Button kind="primary" submit busy={busy.value}>
          {t('rosterFile.check')}
        </Button>
      </div>
    </form>
  );
}

/** What is wrong with the file as a whole, if that is why it was refused. */
function csvProblem(error: unknown): string | undefined {
  if (!(error instanceof ApiError) || typeof error.body.detail === 'string') return undefined;
  const issue = error.body.detail.find(({ loc }) => loc[1] === 'csv');
  return issue && problemText(issue);
}
