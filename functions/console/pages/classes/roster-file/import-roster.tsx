import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { api, newKey } from '../../../app/api.ts';
import { useResource } from '../../../data/resource.ts';
import { locale, t } from '../../../i18n/index.ts';
import '../../../i18n/roster-file.ts';
import { PageHead } from '../../../ui/page.tsx';
import { Done } from './done.tsx';
import { Preview } from './preview.tsx';
import { type Source, SourceForm } from './source-form.tsx';
import type { RosterReport } from './words.ts';

const empty: Source = { csv: '', create_classes: false, teacher: undefined };

/** From a list of names to accounts and places: choose, see what will happen, do it, hand out the codes. */
export function ImportRoster({ class_id }: { class_id?: string }) {
  const source = useSignal(empty);
  const foreseen = useSignal<RosterReport | undefined>(undefined);
  const done = useSignal<RosterReport | undefined>(undefined);
  // one key for one list: trying again goes on with what was begun
  const key = useRef(newKey());
  const ask = (dry_run: boolean) => {
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
      idempotency_key: key.current,
    });
  };
  const back = () => {
    foreseen.value = undefined;
    key.current = newKey();
  };
  return (
    <>
      <ImportHead class_id={class_id} />
      {done.value ? (
        <Done
          report={done.value}
          onAgain={() => {
            done.value = undefined;
            source.value = empty;
            back();
          }}
        />
      ) : foreseen.value ? (
        <Preview
          report={foreseen.value}
          onBack={back}
          onApply={async () => {
            done.value = await ask(false);
          }}
        />
      ) : (
        <SourceForm
          source={source.value}
          isOneClass={class_id !== undefined}
          onChange={(changed) => {
            source.value = changed;
          }}
          onCheck={async () => {
            foreseen.value = await ask(true);
          }}
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
