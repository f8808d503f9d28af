import { useSignal } from '@preact/signals';
import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { type BoardLine, policiesContract } from '#shared/contracts/training-policies.ts';
import { navigate, place, setQuery } from '../../../app/location.ts';
import { may } from '../../../app/session.ts';
import { useClasses } from '../../../data/classes.ts';
import { useResource } from '../../../data/resource.ts';
import { t } from '../../../i18n/index.ts';
import '../../../i18n/studio.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { ClassSelect } from '../../../ui/class-select.tsx';
import { Empty, Failure, Skeleton } from '../../../ui/feedback.tsx';
import { PageHead } from '../../../ui/page.tsx';
import { Select } from '../../../ui/select.tsx';
import { titleOf } from '../environment-title.ts';
import { useEnvironments } from '../environments.ts';
import { policies } from '../policies.ts';
import { BoardEpisode } from './board-episode.tsx';
import { BoardTable } from './board-table.tsx';
import { EntryState } from './entry-state.tsx';
import { UploadPolicy } from './upload-policy.tsx';

interface Board {
  readonly environment: string;
  /** Keyword arguments of the environment as JSON: each has a board of its own. */
  readonly env_kwargs: string;
  /** Empty: the school. */
  readonly class_id: string;
}

/** The board of an environment, of the school or of a class; `?entry=<id>` follows an entry until it is verified. */
export function Leaderboard({ environment }: { environment: string }) {
  const { query } = place.value;
  const entry = query.get('entry');
  const board: Board = {
    environment,
    env_kwargs: query.get('env_kwargs') ?? '{}',
    class_id: query.get('class_id') ?? '',
  };
  const { env_kwargs, class_id } = board;
  const { data, error, reload } = useResource(`board.${Object.values(board).join('.')}`, (signal) =>
    policies.leaderboard({
      params: { environment },
      query: { limit: 100, env_kwargs, ...(class_id !== '' && { class_id }) },
      signal,
    }),
  );
  return (
    <>
      <PageHead
        title={t('leaders.title')}
        lead={t('leaders.lead')}
        back={{ href: '/trainings', label: t('nav.trainings') }}
      >
        {data && may(policiesContract.uploadPolicy) && (
          <UploadButton environment={environment} env_kwargs={data.env_kwargs} />
        )}
      </PageHead>
      <Filters board={board} threshold={data?.reward_threshold ?? null} />
      {entry !== null && (
        <EntryState key={entry} environment={environment} entry_id={entry} onVerified={reload} />
      )}
      <Failure error={error} retry={reload} />
      {!data && error === undefined && <Skeleton lines={5} height={40} />}
      {data && <Lines environment={environment} lines={data.items} />}
    </>
  );
}

interface Target {
  readonly environment: string;
  readonly env_kwargs: Readonly<Record<string, unknown>>;
}
function UploadButton(target: Target) {
  const open = useSignal(false);
  const show = (is: boolean) => () => {
    open.value = is;
  };
  return (
    <>
      <Button kind="primary" icon="plus" onClick={show(true)}>
        {t('upload.action')}
      </Button>
      {open.value && (
        <UploadPolicy
          {...target}
          onClose={show(false)}
          onEntered={(entry_id) => {
            open.value = false;
            setQuery('entry', entry_id);
          }}
        />
      )}
    </>
  );
}

const boardOf = (environment: string, class_id: string): string =>
  `/trainings/leaderboards/${environment}${class_id === '' ? '' : `?class_id=${class_id}`}`;

function Filters({ board, threshold }: { board: Board; threshold: number | null }) {
  const { environment, class_id } = board;
  const { data } = useEnvironments();
  return (
    <div class="toolbar">
      <Select
        label={t('newTraining.environment')}
        value={environment}
        onChange={(id) => navigate(boardOf(id, class_id))}
      >
        {(data ?? [{ id: environment, title: environment }]).map(({ id, title }) => (
          <option key={id} value={id}>
            {titleOf(id, title)}
          </option>
        ))}
      </Select>
      {may(schoolOperations.listClasses) && <ClassFilter class_id={class_id} />}
      {threshold !== null && (
        <span class="small muted">{t('newTraining.solvedAt', { goal: threshold })}</span>
      )}
    </div>
  );
}

function ClassFilter({ class_id }: Pick<Board, 'class_id'>) {
  const { data } = useClasses();
  if (!data?.length) return null;
  return (
    <ClassSelect
      label={t('leaders.class')}
      classes={data}
      none={t('leaders.school')}
      value={class_id}
      onChange={(id) => setQuery('class_id', id)}
    />
  );
}

function Lines({ environment, lines }: { environment: string; lines: readonly BoardLine[] }) {
  const watched = useSignal<BoardLine | undefined>(undefined);
  const watch = (line: BoardLine | undefined) => {
    watched.value = line;
  };
  return (
    <div class="card table-wrap">
      {lines.length === 0 ? (
        <Empty icon="flag" title={t('leaders.empty')} text={t('leaders.emptyText')}>
          <LinkButton href="/trainings">{t('nav.trainings')}</LinkButton>
        </Empty>
      ) : (
        <BoardTable lines={lines} onWatch={watch} />
      )}
      {watched.value && (
        <BoardEpisode
          environment={environment}
          entry_id={watched.value.entry_id}
          onClose={() => watch(undefined)}
        />
      )}
    </div>
  );
}
