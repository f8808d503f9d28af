import { useSignal } from '@preact/signals';
import { longestRoster, mostRosterRows } from '#shared/contracts/rosters.ts';
import { user } from '../../../app/session.ts';
import { t } from '../../../i18n/index.ts';
import { Check } from '../../../ui/check.tsx';
import { ImportForm } from '../../../ui/import/import-form.tsx';
import type { Choice } from '../../../ui/picker.tsx';
import { TeacherChoice } from '../new-class.tsx';

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
  const needsTeacher = source.create_classes && user.value?.role !== 'teacher';
  const teacherMissing = useSignal(false);
  return (
    <ImportForm
      words={{
        title: t('rosterFile.step.choose'),
        fileHint: t('rosterFile.fileHint', { most: mostRosterRows }),
        paste: t('rosterFile.paste'),
        pasteHint: t('rosterFile.pasteHint'),
        missing: t('rosterFile.missing'),
      }}
      text={source.csv}
      longest={longestRoster}
      field="csv"
      placeholder={example}
      onChange={(csv) => onChange({ ...source, csv })}
      isComplete={() => {
        teacherMissing.value = needsTeacher && source.teacher === undefined;
        return !teacherMissing.value;
      }}
      onCheck={onCheck}
    >
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
    </ImportForm>
  );
}
