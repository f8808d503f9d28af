import type { ItemBank } from '#shared/contracts/item-banks.ts';
import { testing } from '../../app/testing-api.ts';
import { toast } from '../../app/toasts.ts';
import { counted, t } from '../../i18n/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';
import { Select } from '../../ui/select.tsx';
import { saveFile } from '../teaching/save-file.ts';

/** The items of a bank as files that the import takes back. */
export function ExportDialog({ bank, onClose }: { bank: ItemBank; onClose: () => void }) {
  const form = useForm(
    { format: 'csv' },
    {
      submit: async ({ format }) => {
        const parts = await save(bank.bank_id, format === 'json' ? 'json' : 'csv');
        toast('good', counted('bank.exported', parts));
        onClose();
      },
    },
  );
  return (
    <Dialog title={t('bank.exportTitle', { name: bank.name })} onClose={onClose}>
      <DialogForm form={form} action={t('bank.export')} onClose={onClose}>
        <p>{t('bank.exportText')}</p>
        <Field label={t('bank.exportFormat')}>
          {({ class: _, ...control }) => (
            <Select {...control} value={form.values.format} onChange={(format) => form.set('format', format)}>
              <option value="csv">{t('bank.exportCsv')}</option>
              <option value="json">{t('bank.exportJson')}</option>
            </Select>
          )}
        </Field>
      </DialogForm>
    </Dialog>
  );
}

async function save(bank_id: string, format: 'csv' | 'json'): Promise<number> {
  let parts = 1;
  for (let part = 1; part <= parts; part += 1) {
    const file = await testing.banks.exportItems({ params: { bank_id }, query: { format, part } });
    parts = file.parts;
    saveFile(file.file_name, new Blob([file.content], { type: file.media_type }));
  }
  return parts;
}
