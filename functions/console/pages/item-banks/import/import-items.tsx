import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type * as z from 'zod';
import type { importReport } from '#shared/contracts/item-banks.ts';
import { newKey } from '../../../app/api.ts';
import { testing } from '../../../app/testing-api.ts';
import { t } from '../../../i18n/index.ts';
import { PageHead } from '../../../ui/page.tsx';
import { useBank } from '../bank.tsx';
import '../words.ts';
import { ImportDone, ImportPreview } from './import-report.tsx';
import { ImportSource } from './import-source.tsx';

export type ImportReport = z.output<typeof importReport>;

/** From a file to items: choose, see what will happen, do it. */
export function ImportItems({ bank_id }: { bank_id: string }) {
  const bank = useBank(bank_id).data;
  const content = useSignal('');
  const foreseen = useSignal<ImportReport | undefined>(undefined);
  const done = useSignal<ImportReport | undefined>(undefined);
  // one key for one file: trying again goes on with what was begun
  const key = useRef(newKey());
  const ask = (dry_run: boolean) =>
    testing.banks.importItems({
      params: { bank_id },
      body: { format: formatOf(content.value), content: content.value, dry_run },
      idempotency_key: key.current,
    });
  const back = () => {
    foreseen.value = undefined;
    key.current = newKey();
  };
  return (
    <>
      <PageHead
        title={t('importItems.title')}
        lead={t('importItems.lead')}
        back={{ href: `/item-banks/${bank_id}`, label: bank?.name ?? t('nav.itemBanks') }}
      />
      {done.value ? (
        <ImportDone
          bank_id={bank_id}
          report={done.value}
          onAgain={() => {
            done.value = undefined;
            content.value = '';
            back();
          }}
        />
      ) : foreseen.value ? (
        <ImportPreview
          report={foreseen.value}
          onBack={back}
          onApply={async () => {
            done.value = await ask(false);
          }}
        />
      ) : (
        <ImportSource
          content={content.value}
          onChange={(text) => {
            content.value = text;
          }}
          onCheck={async () => {
            foreseen.value = await ask(true);
          }}
        />
      )}
    </>
  );
}

/** JSON begins with a bracket or a brace, a heading of CSV never does. */
const formatOf = (content: string): 'csv' | 'json' => (/^\s*[[{]/.test(content) ? 'json' : 'csv');
