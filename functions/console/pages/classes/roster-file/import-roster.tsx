import { useSignal } from '@preact/signals';
import { api } from '../../../app/api.ts';
import { useResource } from '../../../data/resource.ts';
import { locale, t } from '../../../i18n/index.ts';
import '../../../i18n/roster-file.ts';
import { useImport } from '../../../ui/import/use-import.ts';
import { PageHead } from '../../../ui/page.tsx';
import { Done } from './done.tsx';
import { Preview } from './preview.tsx';
import { type Source, SourceForm } from './source-form.tsx';

const empty: Source = { csv: '', create_classes: false, teacher: undefined };

/** From a list of names to accounts and places: choose, see what will happen, do it, hand out the codes. */
export function ImportRoster({ class_id }: { class_id?: string }) {
  const source = useSignal(empty);
  const { foreseen, done, check, apply, back } = useImport((dry_run, idempotency_key) => {
    const { csv, create_classes, teacher } = source.value;
    return api.school.importRoster({
      body: {
        csv,
        dry_run,
        locale: locale.value,
        ...(class_id === undefined
          ? { create_classes, ...(create_classes && teacher && { teacher_id: teacher.id }) }
          : { class_id }),
      },
      idempotency_key,
    });
  });
  return (
    <>
      <ImportHead class_id={class_id} />
      {done ? (
        <Done
          report={done}
          onAgain={() => {
            source.value = empty;
            back();
          }}
        />
      ) : foreseen ? (
        <Preview report={foreseen} onBack={back} onApply={apply} />
      ) : (
        <SourceForm
          source={source.value}
          isOneClass={class_id !== undefined}
          onChange={(changed) => {
            source.value = changed;
          }}
          onCheck={check}
        />
      )}
    </>
  );
}

const ImportHead = ({ class_id }: { class_id: string | undefined }) =>
  class_id === undefined ? (
    <PageHead
      title={t('rosterFile.title')}
      lead={t('rosterFile.lead')}
      back={{ href: '/classes', label: t('nav.classes') }}
    />
  ) : (
    <ClassHead class_id={class_id} />
  );

function ClassHead({ class_id }: { class_id: string }) {
  const { data } = useResource(`class.${class_id}`, (signal) =>
    api.school.getClass({ params: { class_id }, signal }),
  );
  return (
    <PageHead
      title={t('rosterFile.title')}
      lead={t('rosterFile.lead')}
      back={{ href: `/classes/${class_id}`, label: data?.name ?? t('nav.classes') }}
    />
  );
}
