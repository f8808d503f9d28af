import { useSignal } from '@preact/signals';
import { schoolOperations } from '#shared/contracts/school-operations.ts';
import { api } from '../../app/api.ts';
import { may } from '../../app/session.ts';
import { useList } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { PageHead } from '../../ui/page.tsx';
import { CopyButton } from '../../ui/words.tsx';
import { IssueCode } from '../admin/issue-code.tsx';
import { ResultsOf } from '../results/results-of.tsx';
import { hasSweepRuns, SweepRunsToo, single } from '../trainings/sweeps/sweep-runs.tsx';
import { TrainingLinks } from '../trainings/training-links.tsx';
import { GradeForm } from './grade-form.tsx';
import { Guardians } from './guardians.tsx';

/** What a teacher knows of a student: how they sign in, what they train, who their guardians are. */
export function Student({ id }: { id: string }) {
  const issuing = useSignal(false);
  const { data, error, reload, set } = useResource(`student.${id}`, async (signal) => {
    const [account, profile] = await Promise.all([
      api.school.getUser({ params: { user_id: id }, signal }),
      api.school.getStudent({ params: { student_id: id }, signal }),
    ]);
    return { account, profile };
  });
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={48} />;
  const { account, profile } = data;
  return (
    <>
      <PageHead
        title={account.name}
        back={{ href: '/classes', label: t('nav.classes') }}
        lead={
          <span class="row">
            {account.email ?? account.username}
            {account.disabled && <span class="badge bad">{t('user.disabled')}</span>}
            <CopyButton text={id} label={t('user.copyId')} />
          </span>
        }
      >
        {may(schoolOperations.resetUser) && (
          <Button
            icon="key"
            onClick={() => {
              issuing.value = true;
            }}
          >
            {t('user.issueCode')}
          </Button>
        )}
      </PageHead>
      <div class="columns">
        <div class="stack-l">
          <ResultsOf student_id={id} />
          <StudentTrainings id={id} />
        </div>
        <div class="stack">
          {may(schoolOperations.updateStudent) && (
            <GradeForm student={profile} onSaved={(saved) => set({ account, profile: saved })} />
          )}
          {may(schoolOperations.linkGuardian) && <Guardians student_id={id} />}
        </div>
      </div>
      {issuing.value && (
        <IssueCode
          of={account}
          onClose={() => {
            issuing.value = false;
          }}
        />
      )}
    </>
  );
}

function StudentTrainings({ id }: { id: string }) {
  const filter = { owner_id: id, ...(!hasSweepRuns() && single) };
  const list = useList(`student.trainings.${JSON.stringify(filter)}`, (page, signal) =>
    api.training.list({ query: { ...filter, ...page }, signal }),
  );
  return (
    <section>
      <div class="section-head">
        <h2>{t('nav.trainings')}</h2>
        <SweepRunsToo />
      </div>
      <ListCard
        list={list}
        empty={<Empty icon="training" title={t('trainings.empty')} text={t('student.noTrainings')} />}
      >
        {(items) => <TrainingLinks trainings={items} />}
      </ListCard>
    </section>
  );
}
