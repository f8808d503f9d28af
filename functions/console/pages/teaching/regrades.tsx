import type { Assignment } from '#shared/contracts/assignments.ts';
import type { Exercise } from '#shared/contracts/exercises.ts';
import type { Regrade } from '#shared/contracts/regrades.ts';
import { api } from '../../app/api.ts';
import { navigate } from '../../app/location.ts';
import { user } from '../../app/session.ts';
import { useList } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { counted, t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, Failure, Skeleton } from '../../ui/feedback.tsx';
import { useForm } from '../../ui/form.ts';
import { ListCard } from '../../ui/list.tsx';
import { PageHead } from '../../ui/page.tsx';
import { Ago } from '../../ui/words.tsx';
import { assignmentTitle } from '../assignments-student/assignment-title.ts';
import { textsOf } from '../exercises/words.ts';
import { Check, Choice } from './inputs.tsx';

interface Subject {
  readonly exercise: Exercise;
  /** Undefined: all submissions of the exercise. */
  readonly assignment: Assignment | undefined;
}

/** Grading the submissions of an assignment again: the earlier times, and a new one. */
export function AssignmentRegrades({ id }: { id: string }) {
  const { data, error, reload } = useResource<Subject>(`regrade.assignment.${id}`, async (signal) => {
    const assignment = await api.assignments.getAssignment({ params: { assignment_id: id }, signal });
    const { exercise_id } = assignment;
    return { assignment, exercise: await api.exercises.getExercise({ params: { exercise_id }, signal }) };
  });
  return <Page subject={data} error={error} reload={reload} />;
}

export function ExerciseRegrades({ id }: { id: string }) {
  const { data, error, reload } = useResource<Subject>(`regrade.exercise.${id}`, async (signal) => ({
    assignment: undefined,
    exercise: await api.exercises.getExercise({ params: { exercise_id: id }, signal }),
  }));
  return <Page subject={data} error={error} reload={reload} />;
}

interface PageProps {
  readonly subject: Subject | undefined;
  readonly error: unknown;
  readonly reload: () => void;
}
function Page({ subject, error, reload }: PageProps) {
  if (error !== undefined && !subject) return <Failure error={error} retry={reload} />;
  if (!subject) return <Skeleton lines={4} height={64} />;
  const { exercise, assignment } = subject;
  const back = assignment
    ? { href: `/assignments/${assignment.assignment_id}`, label: assignmentTitle(assignment) }
    : { href: `/exercises/${exercise.exercise_id}`, label: textsOf(exercise).title };
  const mayStart = assignment !== undefined || user.value?.role !== 'teacher';
  return (
    <>
      <PageHead title={t('regrade.title')} back={back} lead={t('regrade.lead')} />
      <div class="stack-l">
        {mayStart && <Start exercise={exercise} assignment={assignment} />}
        <Earlier exercise={exercise} assignment={assignment} />
      </div>
    </>
  );
}

function Start({ exercise, assignment }: Subject) {
  const { exercise_id, published_version } = exercise;
  const versions = useList(`versions.certified.${exercise_id}`, (page, signal) =>
    api.exercises.listVersions({ params: { exercise_id }, query: { limit: 100, ...page }, signal }),
  );
  const certified = (versions.items ?? []).filter((one) => one.certified);
  const form = useForm(
    { to_version: String(published_version ?? ''), never_lower: 'yes' },
    {
      submit: async ({ to_version, never_lower }, idempotency_key) => {
        const made = await api.regrades.createRegrade({
          body: {
            exercise_id,
            ...(assignment && { assignment_id: assignment.assignment_id }),
            ...(to_version !== '' && { to_version: Number(to_version) }),
            never_lower: never_lower === 'yes',
          },
          idempotency_key,
        });
        navigate(`/regrades/${made.regrade_id}`);
      },
    },
  );
  return (
    <form class="card" noValidate onSubmit={form.onSubmit}>
      <div class="card-head">
        <h2>{t('regrade.new')}</h2>
      </div>
      <div class="card-body stack">
        <Choice
          label={t('regrade.version')}
          hint={t('regrade.versionHint')}
          value={form.values.to_version}
          problem={form.problems.to_version}
          onInput={(value) => form.set('to_version', value)}
        >
          {certified.map(({ version }) => (
            <option key={version} value={String(version)}>
              {t('versions.nth', { n: version })}
              {version === published_version && ` (${t('library.status.published')})`}
            </option>
          ))}
        </Choice>
        <Check
          label={t('regrade.neverLower')}
          hint={t('regrade.neverLowerHint')}
          checked={form.values.never_lower === 'yes'}
          onChange={(checked) => form.set('never_lower', checked ? 'yes' : 'no')}
        />
        <Failure error={form.failure} />
        <div class="row">
          <Button kind="primary" submit busy={form.busy}>
            {t('regrade.preview')}
          </Button>
          <span class="small muted">{t('regrade.previewHint')}</span>
        </div>
      </div>
    </form>
  );
}

function Earlier({ exercise: { exercise_id }, assignment }: Subject) {
  const list = useList(`regrades.${exercise_id}`, (page, signal) =>
    api.regrades.listRegrades({ query: { exercise_id, limit: 25, ...page }, signal }),
  );
  const wanted = assignment?.assignment_id ?? null;
  return (
    <section>
      <div class="section-head">
        <h2>{t('regrade.earlier')}</h2>
      </div>
      <ListCard
        list={list}
        empty={<Empty icon="restart" title={t('regrade.none')} text={t('regrade.noneText')} />}
      >
        {(items) => (
          <ul class="list-links">
            {items
              .filter(({ assignment_id }) => wanted === null || assignment_id === wanted)
              .map((one) => (
                <li key={one.regrade_id}>
                  <a class="list-link" href={`/regrades/${one.regrade_id}`}>
                    <div class="grow">
                      <span class="title">{t('versions.nth', { n: one.to_version })}</span>
                      <span class="under">
                        <Ago at={one.created_at} /> · {summary(one)}
                      </span>
                    </div>
                    <RegradeBadge regrade={one} />
                  </a>
                </li>
              ))}
          </ul>
        )}
      </ListCard>
    </section>
  );
}

const summary = ({ rises, falls }: Regrade): string =>
  `${counted('regrade.rise', rises)}, ${counted('regrade.fall', falls)}`;

const looks = { pending: '', running: 'accent', previewed: 'warn', applied: 'good', failed: 'bad' } as const;
export const RegradeBadge = ({ regrade: { status } }: { regrade: Pick<Regrade, 'status'> }) => (
  <span class={`badge ${looks[status]}`}>{t(`regrade.status.${status}`)}</span>
);
