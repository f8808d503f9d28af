import { useMemo } from 'preact/hooks';
import type { Exercise, ExerciseInput } from '#shared/contracts/exercises.ts';
import { api, newKey } from '../../app/api.ts';
import { navigate } from '../../app/location.ts';
import { toast } from '../../app/toasts.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { InlineButton } from '../../ui/button.tsx';
import { Failure, Skeleton } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import { PageHead } from '../../ui/page.tsx';
import { WriteForm } from '../../ui/write-form.tsx';
import { titleOf } from '../exercises/words.ts';
import { AboutSection } from './about-section.tsx';
import { type DraftForm, useDraftForm } from './draft-form.ts';
import { draftOf, type ExerciseDraft, newDraft } from './exercise-draft.ts';
import { ProgramsSection } from './programs-section.tsx';
import { TestsSection } from './tests-section.tsx';
import { TextsSection } from './texts-section.tsx';

/** A new exercise, from nothing. */
export function NewExercise() {
  const initial = useMemo(newDraft, []);
  return (
    <Editor
      initial={initial}
      exercise={undefined}
      submit={async (body) => {
        const created = await api.exercises.createExercise({
          // the form has put the body through the contract
          body: body as ExerciseInput,
          idempotency_key: newKey(),
        });
        toast('good', t('write.created'));
        navigate(`/exercises/${created.exercise_id}`, { replace: true });
      }}
    />
  );
}

/** An exercise that there is: saving makes its next version. */
export function EditExercise({ id }: { id: string }) {
  const { data, error, reload, set } = useResource(`exercise.edit.${id}`, async (signal) => {
    const exercise = await api.exercises.getExercise({ params: { exercise_id: id }, signal });
    return { exercise, initial: draftOf(exercise) };
  });
  if (error !== undefined && !data) return <Failure error={error} retry={reload} />;
  if (!data) return <Skeleton lines={5} height={64} />;
  return (
    <Editor
      key={data.exercise.version}
      initial={data.initial}
      exercise={data.exercise}
      submit={async (body, version) => {
        const saved = await api.exercises.updateExercise({
          params: { exercise_id: id },
          // the form has put the body through the contract
          body: { ...(body as ExerciseInput), ...(version !== null && { version }) },
        });
        set({ exercise: saved, initial: draftOf(saved) });
        toast('good', t('write.saved', { n: saved.version }));
        navigate(`/exercises/${id}`);
      }}
    />
  );
}

interface EditorProps {
  readonly initial: ExerciseDraft;
  readonly exercise: Exercise | undefined;
  readonly submit: (body: unknown, version: number | null) => Promise<void>;
}
function Editor({ initial, exercise, submit }: EditorProps) {
  const form = useDraftForm({
    exercise_id: exercise?.exercise_id,
    version: exercise?.version ?? null,
    initial,
    submit,
  });
  const back = exercise
    ? { href: `/exercises/${exercise.exercise_id}`, label: titleOf(exercise) }
    : { href: '/exercises', label: t('nav.exercises') };
  return (
    <>
      <PageHead
        title={exercise ? t('write.editTitle') : t('write.newTitle')}
        back={back}
        lead={t('write.lead')}
      />
      {form.isRestored && form.isChanged && <Restored form={form} />}
      <WriteForm
        form={{ ...form, problems: form.problems.size }}
        isNew={exercise === undefined}
        action={t(exercise ? 'write.saveVersion' : 'write.create')}
        unsaved={t('write.unsaved')}
      >
        <AboutSection form={form} />
        <TextsSection form={form} />
        <ProgramsSection form={form} />
        <TestsSection form={form} />
      </WriteForm>
    </>
  );
}

const Restored = ({ form }: { form: DraftForm }) => (
  <div class="note warn restored" role="status">
    <Icon name="edit" />
    <p>
      {t('write.restored')} <InlineButton onClick={form.discard}>{t('write.discard')}</InlineButton>
    </p>
  </div>
);
