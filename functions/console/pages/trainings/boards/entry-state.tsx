import { useEffect } from 'preact/hooks';
import type { BoardEntry } from '#shared/contracts/training-policies.ts';
import { useWatched } from '../../../data/watched.ts';
import { isKey, locale, number, plain, t } from '../../../i18n/index.ts';
import { Failure, Note } from '../../../ui/feedback.tsx';
import { policies } from '../policies.ts';

/** A verification takes seconds. */
const every_ms = 1_500;
const goesOn = ({ status }: BoardEntry): boolean => status === 'pending' || status === 'running';

interface Props {
  readonly environment: string;
  readonly entry_id: string;
  readonly onVerified: () => void;
}

/** What becomes of an entry: the server plays it and says what came of it. */
export function EntryState({ environment, entry_id, onVerified }: Props) {
  const { data, error, reload } = useWatched(
    `entry.${entry_id}`,
    (signal) => policies.entry({ params: { environment, entry_id }, signal }),
    { goesOn, every_ms },
  );
  const isVerified = data?.status === 'verified';
  useEffect(() => {
    if (isVerified) onVerified();
  }, [isVerified]);
  return (
    <div class="entry-state" role="status">
      <Failure error={error} retry={reload} />
      {data && <Words entry={data} />}
    </div>
  );
}

function Words({ entry }: { entry: BoardEntry }) {
  const { status, result, error_code, error_detail } = entry;
  if (goesOn(entry))
    return (
      <Note kind="warn" icon="clock">
        {t(status === 'pending' ? 'leaders.waiting' : 'leaders.verifying')}
      </Note>
    );
  if (status === 'verified' && result)
    return (
      <Note kind="good" icon="check">
        {t('leaders.done', { n: result.n_episodes, mean: number(result.mean_reward, 1) })}
      </Note>
    );
  const known = `problem.${error_code ?? ''}`;
  return (
    <Note kind="bad" icon="alert">
      {t('leaders.notVerified')} {locale.value !== 'en' && isKey(known) && plain(known)}
      {error_detail !== null && <small lang="en">{error_detail}</small>}
    </Note>
  );
}
