import { counted, t } from '../../../i18n/index.ts';
import { ApplyImport } from '../../../ui/import/apply-import.tsx';
import { RosterReportCard } from './roster-report.tsx';
import type { RosterReport } from './words.ts';

interface Props {
  readonly report: RosterReport;
  readonly onApply: () => Promise<void>;
  readonly onBack: () => void;
}

/** What will happen, row by row, before anything does. */
export function Preview({ report, onApply, onBack }: Props) {
  const count = report.created + report.enrolled;
  return (
    <RosterReportCard report={report}>
      {report.new_classes.length > 0 && (
        <p>{t('rosterFile.newClasses', { names: report.new_classes.join(', ') })}</p>
      )}
      <ApplyImport
        words={{
          nothing: t('rosterFile.nothing'),
          back: t('rosterFile.other'),
          apply: count > 0 ? counted('rosterFile.apply', count) : undefined,
        }}
        onBack={onBack}
        onApply={onApply}
      />
    </RosterReportCard>
  );
}
