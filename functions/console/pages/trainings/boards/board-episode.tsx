import { useResource } from '../../../data/resource.ts';
import { number, t } from '../../../i18n/index.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { Failure, Skeleton } from '../../../ui/feedback.tsx';
import { EpisodePlayer } from '../episodes/episode-player.tsx';
import { policies } from '../policies.ts';

interface Props {
  readonly environment: string;
  readonly entry_id: string;
  readonly onClose: () => void;
}

/** The middle one of the hidden episodes that the server has played. */
export function BoardEpisode({ environment, entry_id, onClose }: Props) {
  const { data, error, reload } = useResource(`board.episode.${entry_id}`, (signal) =>
    policies.entryReplay({ params: { environment, entry_id }, query: {}, signal }),
  );
  return (
    <Dialog title={t('leaders.episode')} onClose={onClose}>
      <Failure error={error} retry={reload} />
      {!data && error === undefined && <Skeleton lines={1} height={160} />}
      {data && (
        <>
          <p class="muted">{t('leaders.median', { reward: number(data.reward, 1) })}</p>
          <EpisodePlayer {...data} />
        </>
      )}
    </Dialog>
  );
}
