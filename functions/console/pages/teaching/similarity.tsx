import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type * as z from 'zod';
import type { similarityReport, similarPair } from '#shared/contracts/assignments.ts';
import { api, newKey } from '../../app/api.ts';
import { place, setQuery } from '../../app/location.ts';
import { useResource } from '../../data/resource.ts';
import { counted, number, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/words.tsx';
import { assignmentTitle } from '../assignments-student/assignment-title.ts';
import { followJob } from '../exercises/follow-job.ts';
import { SideBySide } from './side-by-side.tsx';

type Report = z.output<typeof similarityReport>;
export type SimilarPair = z.output<typeof similarPair>;

const isMoving = ({ status }: Report): boolean => status === 'pending' || status === 'running';

/** Which submissions of an assignment are alike. Alike is a reason to talk, not a proof. */
export function Similarity({ id }: { id: string }) {
  const params = { assignment_id: id };
  const assignment = useResource(`given-assignment.${id}`, (signal) =>
    api.assignments.getAssignment({ params, signal }),
  ).data;
  const { data, error, reload, set } = useResource(`similarity.${id}`, (signal) =>
    api.assignments.getSimilarity({ params, signal }),
  );
  const job_id = data && isMoving(data) ? data.job_id : null;
  useEffect(() => {
    if (job_id === null) return;
    return followJob({
      id: job_id,
      read: () => api.assignments.getSimilarity({ params }),
      isFinal: (state) => !isMoving(state),
      isWaiting: () => false,
      onState: set,
    });
  }, [job_id]);
  const pair = data?.pairs.find((one) => keyOf(one) === place.value.query.get('pair'));
  return (
    <>
      <PageHead
        title={t('similarity.title')}
        back={{
          href: `/assignments/${id}`,
          label: assignment ? assignmentTitle(assignment) : t('nav.exercises'),
        }}
        lead={t('similarity.lead')}
      >
        {data && data.status !== 'none' && (
          <Compare id={id} isMoving={isMoving(data)} onStarted={set} again />
        )}
      </PageHead>
      <Failure error={error} retry={reload} />
      {!data && error === undefined && <Skeleton lines={5} height={48} />}
      {data && !pair && <ReportCard report={data} id={id} onStarted={set} />}
      {pair && <SideBySide pair={pair} language={assignment?.exercise.language ?? 'python'} />}
    </>
  );
}

export const keyOf = ({ left, right }: SimilarPair): string => `${left.submission_id}.${right.submission_id}`;

interface CompareProps {
  readonly id: string;
  readonly isMoving?: boolean;
  readonly again?: boolean;
  readonly onStarted: (report: Report) => void;
}
function Compare({ id, isMoving = false, again = false, onStarted }: CompareProps) {
  const busy = useSignal(false);
  const failure = useSignal<unknown>(undefined);
  const start = async () => {
    busy.value = true;
    failure.value = undefined;
    try {
      onStarted(
        await api.assignments.startSimilarity({ params: { assignment_id: id }, idempotency_key: newKey() }),
      );
    } catch (error) {
      failure.value = error;
    } finally {
      busy.value = false;
    }
  };
  return (
    <>
      <Button
        kind={again ? 'plain' : 'primary'}
        icon="restart"
        busy={busy.value || isMoving}
        onClick={() => void start()}
      >
        {t(again ? 'similarity.again' : 'similarity.start')}
      </Button>
      <Failure error={failure.value} />
    </>
  );
}

interface ReportCardProps {
  readonly report: Report;
  readonly id: string;
  readonly onStarted: (report: Report) => void;
}
function ReportCard({ report, id, onStarted }: ReportCardProps) {
  const { status, pairs, submissions, made_at, queue_position } = report;
  if (status === 'none')
    return (
      <div class="card">
        <Empty icon="copy" title={t('similarity.none')} text={t('similarity.noneText')}>
          <Compare id={id} onStarted={onStarted} />
        </Empty>
      </div>
    );
  if (isMoving(report))
    return (
      <div class="card card-body stack" aria-busy="true">
        <p role="status">
          {queue_position === null ? t('similarity.running') : t('submit.waitingAt', { n: queue_position })}
        </p>
        <Skeleton lines={4} height={32} />
      </div>
    );
  if (status === 'failed')
    return (
      <div class="card">
        <Empty icon="alert" title={t('similarity.failed')} text={t('similarity.failedText')} />
      </div>
    );
  return (
    <>
      <p class="small muted found" role="status">
        {counted('similarity.compared', submissions)}
        {made_at !== null && (
          <>
            {' · '}
            <Ago at={made_at} />
          </>
        )}
      </p>
      <div class="card table-wrap">
        {pairs.length === 0 ? (
          <Empty icon="check" title={t('similarity.nothing')} text={t('similarity.nothingText')} />
        ) : (
          <Pairs pairs={pairs} />
        )}
      </div>
    </>
  );
}

const looksAlike = 0.8;

const Pairs = ({ pairs }: { pairs: readonly SimilarPair[] }) => (
  <Table
    label={t('similarity.pairs')}
    items={pairs}
    keyOf={keyOf}
    columns={[
      {
        label: t('similarity.who'),
        role: 'lead',
        cell: ({ left, right }) => (
          <strong>
            {left.student_name} · {right.student_name}
          </strong>
        ),
      },
      {
        label: t('similarity.alike'),
        cell: ({ similarity }) => (
          <span class="alike numbers">
            <span class={`alike-bar ${similarity >= looksAlike ? 'bad' : ''}`} aria-hidden="true">
              <i style={{ width: `${Math.round(similarity * 100)}%` }} />
            </span>
            {t('similarity.percent', { n: Math.round(similarity * 100) })}
          </span>
        ),
      },
      {
        label: t('similarity.longest'),
        role: 'end',
        cell: ({ longest_fragment }) => t('similarity.tokens', { n: number(longest_fragment) }),
      },
      {
        label: t('table.actions'),
        role: 'actions',
        cell: (pair) => (
          <Button size="small" onClick={() => setQuery('pair', keyOf(pair))}>
            {t('similarity.compare')}
            <span class="visually-hidden">
              {' '}
              {pair.left.student_name}, {pair.right.student_name}
            </span>
          </Button>
        ),
      },
    ]}
  />
);
