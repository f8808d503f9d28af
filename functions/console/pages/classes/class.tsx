import { useSignal } from '@preact/signals';
import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { api } from '../../app/api.ts';
import { navigate } from '../../app/location.ts';
import { may } from '../../app/session.ts';
import { toast } from '../../app/toasts.ts';
import { type Resource, useResource } from '../../data/resource.ts';
import { counted, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { PageHead } from '../../ui/page.tsx';
import { ClassLive } from '../class-live/class-live.tsx';
import { ClassResults } from '../class-results/results.tsx';
import { ClassQuizzes } from '../quizzes/class-quizzes.tsx';
import { ClassAssignments } from '../teaching/class-assignments.tsx';
import { ClassStaff } from './class-staff.tsx';
import { ClassTrainings } from './class-trainings.tsx';
import { EditClass } from './edit-class.tsx';
import { JoinCode } from './join-code.tsx';
import { Roster } from './roster.tsx';
import type { SchoolClassView } from './words.ts';

const tabs = ['students', 'assignments', 'quizzes', 'live', 'results', 'staff', 'trainings'] as const;
type Tab = (typeof tabs)[number];

export function SchoolClass({ id, tab }: { id: string; tab: Tab }) {
  const resource = useResource(`class.${id}`, (signal) =>
    api.school.getClass({ params: { class_id: id }, signal }),
  );
  const { data, error, reload } = resource;
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={48} />;
  return (
    <>
      <ClassHead resource={resource} of={data} />
      {tab === 'students' && <JoinCode of={data} onRenewed={resource.set} />}
      <nav class="tabs" aria-label={data.name}>
        {tabs.map((name) => (
          <a
            key={name}
            href={name === 'students' ? `/classes/${id}` : `/classes/${id}/${name}`}
            aria-current={name === tab ? 'page' : undefined}
          >
            {t(`class.tab.${name}`)}
          </a>
        ))}
      </nav>
      {tab === 'students' && <Roster of={data} onChanged={reload} />}
      {tab === 'assignments' && <ClassAssignments class_id={id} />}
      {tab === 'quizzes' && <ClassQuizzes class_id={id} />}
      {tab === 'live' && <ClassLive class_id={id} />}
      {tab === 'results' && <ClassResults class_id={id} />}
      {tab === 'staff' && <ClassStaff of={data} />}
      {tab === 'trainings' && <ClassTrainings class_id={id} />}
    </>
  );
}

function ClassHead({ resource, of }: { resource: Resource<SchoolClassView>; of: SchoolClassView }) {
  const open = useSignal<'edit' | 'delete' | undefined>(undefined);
  const close = () => {
    open.value = undefined;
  };
  return (
    <>
      <PageHead
        title={of.name}
        back={{ href: '/classes', label: t('nav.classes') }}
        lead={[
          of.subject,
          of.grade && t('class.gradeIs', { grade: of.grade }),
          counted('students', of.student_count),
        ]
          .filter(Boolean)
          .join(' · ')}
      >
        {may(schoolOperations.updateClass) && (
          <Button
            icon="edit"
            onClick={() => {
              open.value = 'edit';
            }}
          >
            {t('action.edit')}
          </Button>
        )}
        {may(schoolOperations.deleteClass) && (
          <Button
            kind="danger"
            icon="trash"
            onClick={() => {
              open.value = 'delete';
            }}
          >
            {t('action.delete')}
          </Button>
        )}
      </PageHead>
      {open.value === 'edit' && <EditClass of={of} onClose={close} onSaved={resource.set} />}
      {open.value === 'delete' && (
        <Confirm
          title={t('class.deleteTitle', { name: of.name })}
          text={of.student_count > 0 ? t('class.deleteHasStudents') : t('class.deleteText')}
          action={t('action.delete')}
          blocked={of.student_count > 0}
          onClose={close}
          act={async () => {
            await api.school.deleteClass({ params: { class_id: of.class_id } });
            toast('good', t('class.deleted', { name: of.name }));
            navigate('/classes', { replace: true });
          }}
        />
      )}
    </>
  );
}
