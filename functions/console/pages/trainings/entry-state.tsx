import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { BoardEntry } from '#shared/contracts/training-policies.ts';
import { number, t } from '../../i18n/index.ts';
import { Failure, Note } from '../../ui/feedback.tsx';
import { policies } from './policies.ts';

/** A verification takes seconds. */
const poll_ms = 1_500;
const goesOn = ({ status }: BoardEntry): boolean => status === 'pending' || status === 'running';

interface Props {
  readonly environment: string;
  readonly entry_id: string;
  readonly onVerified: () => void;
}

/** What becomes of an entry: the server plays it and says what came of it. */
export function EntryState({ environment, entry_id, onVerified }: Props) {
  const entry = useSignal<BoardEntry | undefined>(undefined);
  const failure = useSignal<unknown>(undefined);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const ask = async () => {
      try {
        const read = await policies.entry({ params: { environment, entry_id } });
        if (gone) return;
        entry.value = read;
        failure.value = undefined;
        if (goesOn(read)) timer = setTimeout(() => void ask(), poll_ms);
        else if (read.status === 'verified') onVerified();
      } catch (error) {
        if (!gone) failure.value = error;
      }
    };
    void ask();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [entry_id]);
  return (
    <div class="entry-state" role="status">
      <Failure error={failure.value} />
      {entry.value && <Words entry={entry.value} />}
    </div>
  );
}

function Words({ entry }: { entry: BoardEntry }) {
  const { status, result, error_detail } = entry;
  if (goesOn(entry))
    return (
      <Note kind="warn" icon="clock">
        {t('leaders.verifying')}
      </Note>
    );
  if (status === 'verified' && result)
    return (
      <Note kind="good" icon="check">
        {t('leaders.done', { n: result.n_episodes, mean: number(result.mean_reward, 1) })}
      </Note>
    );
  return (
    <Note kind="bad" icon="alert">
      {t('leaders.notVerified')}
      {error_detail !== null && <small lang="en">{error_detail}</small>}
    </Note>
  );
}
