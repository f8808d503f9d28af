import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { ExamImportReport } from '#shared/contracts/exam-sessions.ts';
import { type ExamType, examType } from '#shared/contracts/exam-shapes.ts';
import { api } from '../../../app/api.ts';
import { testing } from '../../../app/testing-api.ts';
import { useResource } from '../../../data/resource.ts';
import '../../../i18n/class-exams.ts';
import '../../../i18n/imports.ts';
import { counted, t } from '../../../i18n/index.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { ApplyImport } from '../../../ui/import/apply-import.tsx';
import { ImportForm, TextProblem } from '../../../ui/import/import-form.tsx';
import { ReportCard, RowResult } from '../../../ui/import/report-card.tsx';
import { useImport } from '../../../ui/import/use-import.ts';
import { PageHead } from '../../../ui/page.tsx';
import { Select } from '../../../ui/select.tsx';
import { useSchoolZone } from '../../teaching/school-time.ts';
import { examTitle } from '../words.ts';
import { mostResults, type ReadResults, type RowFault, readResults, resultColumns } from './result-rows.ts';

/** UTF-16 units of 500 rows, generously. */
const longestFile = 200_000;

interface Told {
  readonly report: ExamImportReport;
  readonly read: ReadResults;
}

/** Results of tests that were taken elsewhere: choose, see what will happen, do it. */
export function ImportResults({ class_id }: { class_id: string }) {
  const { data: ofClass } = useResource(`class.${class_id}`, (signal) =>
    api.school.getClass({ params: { class_id }, signal }),
  );
  const zone = useSchoolZone();
  const text = useSignal('');
  const reason = useSignal('');
  const usual = useSignal<ExamType>('midterm');
  const { foreseen, done, check, apply, back } = useImport(async (dry_run): Promise<Told> => {
    const read = readResults(text.value, { class_id, zone, usual: usual.value });
    if ('rule' in read) throw new TextProblem(faultText(read));
    const report = await testing.sessions.importExamSessions({
      body: { sessions: [...read.rows], dry_run, ...(reason.value.trim() && { reason: reason.value }) },
    });
    return { report, read };
  });
  return (
    <>
      <PageHead
        title={t('importResults.title')}
        lead={t('importResults.lead')}
        back={{ href: `/classes/${class_id}/results`, label: ofClass?.name ?? t('nav.classes') }}
      />
      {done ? (
        <Report told={done}>
          <div class="row">
            <LinkButton href={`/classes/${class_id}/results`} kind="primary">
              {t('importResults.toResults')}
            </LinkButton>
            <Button
              onClick={() => {
                text.value = '';
                back();
              }}
            >
              {t('importResults.again')}
            </Button>
          </div>
        </Report>
      ) : foreseen ? (
        <Report told={foreseen}>
          <ApplyImport
            words={{
              nothing: t('importResults.nothing'),
              back: t('importResults.back'),
              apply:
                foreseen.report.created > 0
                  ? counted('importResults.apply', foreseen.report.created)
                  : undefined,
            }}
            onBack={back}
            onApply={apply}
          />
        </Report>
      ) : (
        <ImportForm
          words={{
            title: t('importResults.choose'),
            fileHint: t('importResults.fileHint', { columns: resultColumns.join(', '), most: mostResults }),
            paste: t('importResults.paste'),
            pasteHint: t('importResults.pasteHint', { zone }),
            missing: t('importResults.missing'),
          }}
          text={text.value}
          longest={longestFile}
          field="sessions"
          placeholder={'username,exam_type,started_at,ended_at,score\nmina,midterm,2026-11-20,2026-11-20,540'}
          onChange={(value) => {
            text.value = value;
          }}
          onCheck={check}
        >
          <Field label={t('importResults.usual')}>
            {(control) => (
              <Select
                {...control}
                value={usual.value}
                onChange={(value) => {
                  usual.value = examType.parse(value);
                }}
              >
                {examType.options.map((one) => (
                  <option key={one} value={one}>
                    {examTitle(one)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t('importResults.reason')} hint={t('importResults.reasonHint')}>
            {(control) => (
              <input
                {...control}
                class="control"
                maxLength={500}
                value={reason.value}
                onInput={({ currentTarget }) => {
                  reason.value = currentTarget.value;
                }}
              />
            )}
          </Field>
        </ImportForm>
      )}
    </>
  );
}

const faultText = ({ rule, line, column, found }: RowFault): string =>
  t(`importResults.fault.${rule}`, { line, column, found });

const looks = { created: 'good', unchanged: '', refused: 'bad' } as const;
const statuses = ['created', 'unchanged', 'refused'] as const;

interface ReportProps {
  readonly told: Told;
  readonly children: ComponentChildren;
}
function Report({ told: { report, read }, children }: ReportProps) {
  const statusText = (status: (typeof statuses)[number]): string =>
    t(report.dry_run ? `importResults.will.${status}` : `importResults.did.${status}`);
  const rows = report.rows.map((one) => ({
    ...one,
    line: read.lines[one.row] ?? 0,
    username: read.rows[one.row]?.username ?? '',
  }));
  return (
    <ReportCard
      report={{ ...report, rows }}
      counts={statuses.map((status) => [statusText(status), report[status]])}
      ignored_columns={read.ignored_columns}
      columns={[
        { label: t('importResults.student'), role: 'lead', cell: ({ username }) => username },
        {
          label: t('importing.result'),
          cell: ({ status, problem }) => (
            <RowResult look={looks[status]} text={statusText(status)} problem={problem} />
          ),
        },
      ]}
    >
      {children}
    </ReportCard>
  );
}
