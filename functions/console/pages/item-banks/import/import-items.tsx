import { useSignal } from '@preact/signals';
import type * as z from 'zod';
import type { importReport } from '#shared/contracts/item-banks.ts';
import { testing } from '../../../app/testing-api.ts';
import { t } from '../../../i18n/index.ts';
import { useImport } from '../../../ui/import/use-import.ts';
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
  const { foreseen, done, check, apply, back } = useImport((dry_run, idempotency_key) =>
    testing.banks.importItems({
      params: { bank_id },
      body: { format: formatOf(content.value), content: content.value, dry_run },
      idempotency_key,
    }),
  );
  return (
    <>
      <PageHead
        title={t('importItems.title')}
        lead={t('importItems.lead')}
        back={{ href: `/item-banks/${bank_id}`, label: bank?.name ?? t('nav.itemBanks') }}
      />
      {done ? (
        <ImportDone
          bank_id={bank_id}
          report={done}
          onAgain={() => {
            content.value = '';
            back();
          }}
        />
      ) : foreseen ? (
        <ImportPreview report={foreseen} onBack={back} onApply={apply} />
      ) : (
        <ImportSource
          content={content.value}
          onChange={(text) => {
            content.value = text;
          }}
          onCheck={check}
        />
      )}
    </>
  );
}

/** JSON begins with a bracket or a brace, a heading of CSV never does. */
const formatOf = (content: string): 'csv' | 'json' => (/^\s*[[{]/.test(content) ? 'json' : 'csv');
