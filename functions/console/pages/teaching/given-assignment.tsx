import { useSignal } from '@preact/signals';
import { type Assignment, assignmentOperations } from '#shared/contracts/assignments.ts';
import { regradeOperations } from '#shared/contracts/regrades.ts';
import { api } from '../../app/api.ts';
import { may } from '../../app/session.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { counted, t } from '../../i18n/index.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { assignmentTitle } from '../assignments-student/assignment-title.ts';
import { EditAssignment } from './edit-assignment.tsx';
import { ExtensionDialog } from './extension-dialog.tsx';
import { ProgressTable } from './progress-table.tsx';
import { isWanted, type Need, needs, type Progress } from './progress-words.ts';
import { dateText, useSchoolZone } from './school-time.ts';
import { useClassChanges } from './watch-class.ts';

/** An assignment as its teacher sees it: who has done what, and what the rules are. */
export function GivenAssignment({ id }: { id: string }) {
  const { data, error, reload, set } = useResource(`given-assignment.${id}`, (signal) =>
    api.assignments.getAssignment({ params: { assignment_id: id }, signal }),
  );
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={64} />;
  return (
    <>
      <AssignmentHead assignment={data} onChanged={set} />
      <Rules assignment={data} />
      <Students assignment={data} />
    </>
  );
}

interface AssignmentHeadProps {
  readonly assignment: Assignment;
  readonly onChanged: (assignment: Assignment) => void;
}
function AssignmentHead({ assignment, onChanged }: AssignmentHeadProps) {
  const editing = useSignal(false);
  const { assignment_id, class_id, class_name, exercise_id } = assignment;
  return (
    <PageHead
      title={assignmentTitle(assignment)}
      back={{ href: `/classes/${class_id}/assignments`, label: class_name }}
      lead={<a href={`/exercises/${exercise_id}`}>{t('given.toExercise')}</a>}
    >
      {may(assignmentOperations.getSimilarity) && (
        <LinkButton href={`/assignments/${assignment_id}/similarity`} icon="copy">
          {t('similarity.title')}
        </LinkButton>
      )}
      {may(regradeOperations.createRegrade) && (
        <LinkButton href={`/assignments/${assignment_id}/regrades`} icon="restart">
          {t('regrade.title')}
        </LinkButton>
      )}
      {may(assignmentOperations.updateAssignment) && (
        <Button
          icon="edit"
          onClick={() => {
            editing.value = true;
          }}
        >
          {t('assign.rules')}
        </Button>
      )}
      {editing.value && (
        <EditAssignment
          assignment={assignment}
          onChanged={onChanged}
          onClose={() => {
            editing.value = false;
          }}
        />
      )}
    </PageHead>
  );
}

/** The rules in one line each, in the school's time. */
function Rules({ assignment }: { assignment: Assignment }) {
  const zone = useSchoolZone();
  const { opens_at, due_at, late_policy, max_attempts, review } = assignment;
  const facts = [
    [t('assign.opens'), opens_at === null ? t('assign.atOnce') : dateText(opens_at, zone)],
    [t('assign.due'), due_at === null ? t('due.none') : dateText(due_at, zone)],
    [t('assign.late'), t(`assign.late.${late_policy.kind}`)],
    [t('assign.attempts'), max_attempts === null ? t('assign.unlimited') : String(max_attempts)],
    [t('assign.review'), t(`assign.review.${review}`)],
  ];
  return (
    <dl class="rules card">
      {facts.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Students({ assignment }: { assignment: Assignment }) {
  const { assignment_id, class_id } = assignment;
  const need = useSignal<Need>('all');
  const extending = useSignal<Progress | undefined>(undefined);
  const { data, error, reload } = useResource(`progress.${assignment_id}`, (signal) =>
    everyPage((page) =>
      api.assignments.assignmentProgress({
        params: { assignment_id },
        query: { limit: 100, ...page },
        signal,
      }),
    ),
  );
  useClassChanges(class_id, reload);
  const found = data?.filter((progress) => isWanted(need.value, progress)) ?? [];
  const count = (of: Need) => data?.filter((progress) => isWanted(of, progress)).length ?? 0;
  return (
    <>
      <div class="toolbar">
        <Segments
          label={t('board.filter')}
          value={need.value}
          options={needs.map((value) => ({ value, label: `${t(`board.need.${value}`)} ${count(value)}` }))}
          onChange={(value) => {
            need.value = value;
          }}
        />
        <span class="grow" />
        <span class="small muted numbers" role="status">
          {counted('students', found.length)}
        </span>
      </div>
      <Failure error={error} retry={reload} />
      {!data && error === undefined && <Skeleton lines={6} height={40} />}
      {data && (
        <div class="card table-wrap">
          {found.length === 0 ? (
            <Empty icon="check" title={t('board.nobody')} text={t(`board.nobody.${need.value}`)} />
          ) : (
            <ProgressTable
              items={found}
              onExtend={(progress) => {
                extending.value = progress;
              }}
            />
          )}
        </div>
      )}
      {extending.value && (
        <ExtensionDialog
          assignment={assignment}
          progress={extending.value}
          onSaved={reload}
          onClose={() => {
            extending.value = undefined;
          }}
        />
      )}
    </>
  );
}
