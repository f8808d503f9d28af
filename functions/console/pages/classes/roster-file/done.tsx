import { t } from '../../../i18n/index.ts';
import { Button } from '../../../ui/button.tsx';
import { Note } from '../../../ui/feedback.tsx';
import { type LoginCard, LoginCards } from './login-cards.tsx';
import { saveReport } from './report-file.ts';
import { RosterReportCard } from './roster-report.tsx';
import type { RosterReport } from './words.ts';

const cardsOf = ({ rows }: RosterReport): LoginCard[] =>
  rows.flatMap(({ line, name, username, email, class_name, reset_code }) =>
    reset_code === null
      ? []
      : [
          {
            key: String(line),
            name,
            signInName: username ?? email ?? '',
            class_name: class_name ?? '',
            code: reset_code,
          },
        ],
  );

/** What happened, with the codes that are shown only now. */
export function Done({ report, onAgain }: { report: RosterReport; onAgain: () => void }) {
  const cards = cardsOf(report);
  return (
    <>
      <RosterReportCard report={report}>
        {cards.length > 0 && (
          <Note kind="warn" icon="key">
            {t('rosterFile.keep')}
          </Note>
        )}
        <div class="row">
          {cards.length > 0 && (
            <Button kind="primary" onClick={() => print()}>
              {t('cards.print')}
            </Button>
          )}
          <Button icon="download" onClick={() => saveReport(report)}>
            {t('importing.report')}
          </Button>
          <Button onClick={onAgain}>{t('rosterFile.again')}</Button>
        </div>
      </RosterReportCard>
      {report.codes_expire_at !== null && <LoginCards cards={cards} valid_until={report.codes_expire_at} />}
    </>
  );
}
