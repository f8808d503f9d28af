import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../../i18n/index.ts';
import { Button } from '../../../ui/button.tsx';
import { Note } from '../../../ui/feedback.tsx';
import { type LoginCard, LoginCards } from './login-cards.tsx';
import { saveReport } from './report-file.ts';
import { ReportCounts, ReportTable } from './report-table.tsx';
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
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const cards = cardsOf(report);
  return (
    <>
      <section class="card table-wrap">
        <div class="card-head">
          <h2 ref={heading} tabIndex={-1}>
            {t('rosterFile.step.done')}
          </h2>
        </div>
        <div class="card-body stack">
          <ReportCounts report={report} />
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
              {t('rosterFile.download')}
            </Button>
            <Button onClick={onAgain}>{t('rosterFile.again')}</Button>
          </div>
        </div>
        <ReportTable report={report} />
      </section>
      {report.codes_expire_at !== null && <LoginCards cards={cards} valid_until={report.codes_expire_at} />}
    </>
  );
}
