import { useSignal } from '@preact/signals';
import { api } from '../../app/api.ts';
import { counted, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Note } from '../../ui/feedback.tsx';
import { Field } from '../../ui/field.tsx';
import { useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';

interface Props {
  readonly class_id: string;
  readonly onEnrolled: () => void;
  readonly onClose: () => void;
}
type Report = Awaited<ReturnType<typeof api.school.enrollBulk>>;

/** The most that one call takes. */
const most = 500;
const idsIn = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter((word) => word !== ''))];

/** Enrols by a pasted list of ids, and reports on every row. */
export function BulkEnrol({ class_id, onEnrolled, onClose }: Props) {
  const report = useSignal<Report | undefined>(undefined);
  const form = useForm(
    { student_ids: '' },
    {
      check: ({ student_ids }) => {
        const count = idsIn(student_ids).length;
        if (count === 0) return { student_ids: t('bulk.missing') };
        return { student_ids: count > most && t('bulk.tooMany', { most }) };
      },
      submit: async ({ student_ids }, idempotency_key) => {
        const body = { class_id, student_ids: idsIn(student_ids) };
        report.value = await api.school.enrollBulk({ body, idempotency_key });
        onEnrolled();
      },
    },
  );
  return (
    <Dialog title={t('bulk.title')} onClose={onClose}>
      {report.value ? (
        <BulkReport report={report.value} onClose={onClose} />
      ) : (
        <DialogForm form={form} action={t('bulk.submit')} onClose={onClose}>
          <Field label={t('bulk.ids')} hint={t('bulk.hint', { most })} problem={form.problems.student_ids}>
            {(control) => (
              <textarea
                {...control}
                {...form.control('student_ids')}
                class="control mono"
                spellcheck={false}
              />
            )}
          </Field>
        </DialogForm>
      )}
    </Dialog>
  );
}

function BulkReport({ report, onClose }: { report: Report; onClose: () => void }) {
  const problems = report.rows.filter(({ status }) => status !== 'enrolled');
  return (
    <div class="stack" role="status">
      <Note kind={report.failed > 0 ? 'warn' : 'good'} icon={report.failed > 0 ? 'alert' : 'check'}>
        {counted('bulk.enrolled', report.enrolled)}
      </Note>
      {problems.length > 0 && (
        <ScrollRegion class="data-table" label={t('bulk.rows')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('bulk.id')}</th>
                <th scope="col">{t('bulk.result')}</th>
              </tr>
            </thead>
            <tbody>
              {problems.map(({ student_id, status }) => (
                <tr key={student_id}>
                  <th scope="row" class="mono">
                    {student_id}
                  </th>
                  <td>{t(`bulk.${status}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      <div class="dialog-foot">
        <Button kind="primary" onClick={onClose}>
          {t('action.done')}
        </Button>
      </div>
    </div>
  );
}
