import { useSignal } from '@preact/signals';
import { type Assignment, assignmentOperations } from '#shared/contracts/assignments.ts';
import { regradeOperations } from '#shared/contracts/regrades.ts';
import { api } from '../../app/api.ts';
import { may } from '../../app/session.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { type Labelled, RulesCard } from '../../ui/facts.tsx';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { assignmentTitle } from '../assignments-student/assignment-title.ts';
import { EditAssignment } from './edit-assignment.tsx';
import { ExtensionDialog } from './extension-dialog.tsx';
import { ProgressTable } from './progress-table.tsx';
import { isWanted, needs, type Progress } from './progress-words.ts';
import { dateText, useSchoolZone } from './school-time.ts';
import { StudentsByNeed } from './students-by-need.tsx';
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
  const facts: Labelled[] = [
    [t('assign.opens'), opens_at === null ? t('assign.atOnce') : dateText(opens_at, zone)],
    [t('assign.due'), due_at === null ? t('due.none') : dateText(due_at, zone)],
    [t('assign.late'), t(`assign.late.${late_policy.kind}`)],
    [t('assign.attempts'), max_attempts === null ? t('assign.unlimited') : String(max_attempts)],
    [t('assign.review'), t(`assign.review.${review}`)],
  ];
  return <RulesCard facts={facts} />;
}

function Students({ assignment }: { assignment: Assignment }) {
  const { assignment_id, class_id } = assignment;
  const extending = useSignal<Progress | undefined>(undefined);
  const progress = useResource(`progress.${assignment_id}`, (signal) =>
    everyPage((page) =>
      api.assignments.assignmentProgress({
        params: { assignment_id },
        query: { limit: 100, ...page },
        signal,
      }),
    ),
  );
  useClassChanges(class_id, progress.reload);
  return (
    <>
      <StudentsByNeed
        progress={progress}
        label={t('board.filter')}
        needs={needs}
        isWanted={isWanted}
        textOf={(need) => t(`board.need.${need}`)}
        nobody={(need) => ({ title: t('board.nobody'), text: t(`board.nobody.${need}`) })}
      >
        {(found) => (
          <ProgressTable
            items={found}
            onExtend={(one) => {
              extending.value = one;
            }}
          />
        )}
      </StudentsByNeed>
      {extending.value && (
        <ExtensionDialog
          assignment={assignment}
          progress={extending.value}
          onSaved={progress.reload}
          onClose={() => {
            extending.value = undefined;
          }}
        />
      )}
    </>
  );
}
