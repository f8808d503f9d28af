import { useAct } from '../../data/act.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../button.tsx';
import { Failure, Note } from '../feedback.tsx';

interface ApplyImportProps {
  readonly words: {
    /** Said where no row would change anything. */
    readonly nothing: string;
    readonly back: string;
    /** What is to be done; undefined: nothing is. */
    readonly apply: string | undefined;
  };
  readonly onBack: () => void;
  readonly onApply: () => Promise<void>;
}

/** What may be done with a file once one has seen what it will do. */
export function ApplyImport({ words, onBack, onApply }: ApplyImportProps) {
  const { busy, failure, run } = useAct();
  return (
    <>
      {words.apply === undefined && (
        <Note kind="warn" icon="alert">
          {words.nothing}
        </Note>
      )}
      <div role="status">{busy !== undefined && <p class="muted">{t('importing.working')}</p>}</div>
      {failure !== undefined && (
        <Note kind="warn" icon="alert">
          {t('importing.stopped')}
        </Note>
      )}
      <Failure error={failure} />
      <div class="row">
        <Button onClick={onBack} disabled={busy !== undefined}>
          {words.back}
        </Button>
        {words.apply !== undefined && (
          <Button kind="primary" busy={busy !== undefined} onClick={() => void run('apply', onApply)}>
            {failure === undefined ? words.apply : t('action.retry')}
          </Button>
        )}
      </div>
    </>
  );
}
