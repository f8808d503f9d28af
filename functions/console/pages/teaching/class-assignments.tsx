import { useSignal } from '@preact/signals';
import { type Assignment, assignmentOperations } from '#shared/contracts/assignments.ts';
import { api } from '../../app/api.ts';
import { may } from '../../app/session.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { Segments } from '../../ui/segments.tsx';
import { AssignDialog } from './assign-exercise.tsx';
import { Board, type BoardData } from './board.tsx';
import { type Need, needs } from './progress-words.ts';
import { useClassChanges } from './watch-class.ts';

/** More columns than these nobody reads; older assignments have pages of their own. */
const mostColumns = 24;

async function readBoard(class_id: string, signal: AbortSignal): Promise<BoardData> {
  const all = await everyPage<Assignment>((page) =>
    api.assignments.listAssignments({ query: { class_id, limit: 100, ...page }, signal }),
  );
  const assignments = all.slice(-mostColumns);
  const columns = await Promise.all(
    assignments.map(({ assignment_id }) =>
      everyPage((page) =>
        api.assignments.assignmentProgress({
          params: { assignment_id },
          query: { limit: 100, ...page },
          signal,
        }),
      ),
    ),
  );
  return { assignments, columns };
}

/** Students by exercises: who needs me now, and on what. */
export function ClassAssignments({ class_id }: { class_id: string }) {
  const need = useSignal<Need>('all');
  const giving = useSignal(false);
  const { data, error, reload } = useResource(`board.${class_id}`, (signal) => readBoard(class_id, signal));
  useClassChanges(class_id, reload);
  const mayGive = may(assignmentOperations.createAssignment);
  const give = () => {
    giving.value = true;
  };
  return (
    <>
      <div class="toolbar">
        {data && data.assignments.length > 0 && (
          <Segments
            label={t('board.filter')}
            value={need.value}
            options={needs.map((value) => ({ value, label: t(`board.need.${value}`) }))}
            onChange={(value) => {
              need.value = value;
            }}
          />
        )}
        <span class="grow" />
        {mayGive && data && data.assignments.length > 0 && (
          <Button kind="primary" icon="plus" onClick={give}>
            {t('assign.new')}
          </Button>
        )}
      </div>
      <Failure error={error} retry={reload} />
      {!data && error === undefined && <Skeleton lines={6} height={40} />}
      {data?.assignments.length === 0 && (
        <div class="card">
          <Empty icon="flag" title={t('board.none')} text={t('board.noneText')}>
            {mayGive && (
              <Button kind="primary" icon="plus" onClick={give}>
                {t('assign.new')}
              </Button>
            )}
          </Empty>
        </div>
      )}
      {data && data.assignments.length > 0 && <Board data={data} need={need.value} />}
      {giving.value && (
        <AssignDialog
          class_id={class_id}
          onAssigned={reload}
          onClose={() => {
            giving.value = false;
          }}
        />
      )}
    </>
  );
}
