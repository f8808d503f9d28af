import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { counted, t } from '../../../i18n/index.ts';
import { Button } from '../../../ui/button.tsx';
import { Failure, Note } from '../../../ui/feedback.tsx';
import { ReportCounts, ReportTable } from './report-table.tsx';
import type { RosterReport } from './words.ts';

interface Props {
  readonly report: RosterReport;
  readonly onApply: () => Promise<void>;
  readonly onBack: () => void;
}

/** What will happen, row by row, before anything does. */
export function Preview({ report, onApply, onBack }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const busy = useSignal(false);
  const failure = useSignal<unknown>(undefined);
  const count = report.created + report.enrolled;
  const apply = async () => {
    busy.value = true;
    failure.value = undefined;
    try {
      await onApply();
    } catch (error) {
      failure.value = error;
      busy.value = false;
    }
  };
  return (
    <section class="card table-wrap">
      <div class="card-head">
        <h2 ref={heading} tabIndex={-1}>
          {t('rosterFile.step.preview')}
        </h2>
      </div>
      <div class="card-body stack">
        <ReportCounts report={report} />
        {report.new_classes.length > 0 && (
          <p>{t('rosterFile.newClasses', { names: report.new_classes.join(', ') })}</p>
        )}
        {report.ignored_columns.length > 0 && (
          <p class="muted">{t('rosterFile.ignored', { names: report.ignored_columns.join(', ') })}</p>
        )}
        {count === 0 && (
          <Note kind="warn" icon="alert">
            {t('rosterFile.nothing')}
          </Note>
        )}
        <div role="status">{busy.value && <p class="muted">{t('rosterFile.working')}</p>}</div>
        {failure.value !== undefined && (
          <Note kind="warn" icon="alert">
            {t('rosterFile.stopped')}
          </Note>
        )}
        <Failure error={failure.value} />
        <div class="row">
          <Button onClick={onBack} disabled={busy.value}>
            {t('rosterFile.other')}
          </Button>
          {count > 0 && (
            <Button kind="primary" busy={busy.value} onClick={() => void apply()}>
              {failure.value === undefined ? counted('rosterFile.apply', count) : t('action.retry')}
            </Button>
          )}
        </div>
      </div>
      <ReportTable report={report} />
    </section>
  );
}
