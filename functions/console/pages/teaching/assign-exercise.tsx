import { useSignal } from '@preact/signals';
import { assignmentOperations } from '#shared/contracts/assignments.ts';
import type { Exercise } from '#shared/contracts/exercises.ts';
import { api } from '../../app/api.ts';
import { navigate } from '../../app/location.ts';
import { may } from '../../app/session.ts';
import { toast } from '../../app/toasts.ts';
import { useClasses } from '../../data/classes.ts';
import { everyPage } from '../../data/list.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { ClassSelect } from '../../ui/class-select.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Skeleton } from '../../ui/feedback.tsx';
import { Field } from '../../ui/field.tsx';
import { type Form, useForm } from '../../ui/form.ts';
import { DialogForm } from '../../ui/form-card.tsx';
import { Select } from '../../ui/select.tsx';
import { titleOf } from '../exercises/words.ts';
import { checkRules, newRules, RuleFields, type RuleValues, rulesBody } from './assignment-form.tsx';
import { useSchoolZone } from './school-time.ts';

interface AssignExerciseProps {
  readonly exercise: Pick<Exercise, 'exercise_id'>;
  readonly onAssigned: () => void;
}
/** Gives this exercise to a class that one chooses. */
export function AssignExercise({ exercise, onAssigned }: AssignExerciseProps) {
  const open = useSignal(false);
  if (!may(assignmentOperations.createAssignment)) return null;
  return (
    <>
      <Button
        kind="primary"
        icon="flag"
        onClick={() => {
          open.value = true;
        }}
      >
        {t('assign.action')}
      </Button>
      {open.value && (
        <AssignDialog
          exercise_id={exercise.exercise_id}
          onAssigned={onAssigned}
          onClose={() => {
            open.value = false;
          }}
        />
      )}
    </>
  );
}

interface AssignDialogProps {
  /** One of the two is given, the other one is chosen. */
  readonly exercise_id?: string;
  readonly class_id?: string;
  readonly onAssigned: () => void;
  readonly onClose: () => void;
}
type Values = RuleValues & { readonly class_id: string; readonly exercise_id: string };

export function AssignDialog({ exercise_id = '', class_id = '', onAssigned, onClose }: AssignDialogProps) {
  const zone = useSchoolZone();
  const initial: Values = { ...newRules, class_id, exercise_id };
  const form = useForm(initial, {
    check: (values) => ({
      ...checkRules(values),
      class_id: values.class_id === '' && t('assign.classMissing'),
      exercise_id: values.exercise_id === '' && t('assign.exerciseMissing'),
    }),
    submit: async (values, idempotency_key) => {
      const body = {
        class_id: values.class_id,
        exercise_id: values.exercise_id,
        ...rulesBody(values, zone),
      };
      const made = await api.assignments.createAssignment({ body, idempotency_key });
      toast('good', t('assign.done', { name: made.class_name }));
      onAssigned();
      onClose();
      navigate(`/assignments/${made.assignment_id}`);
    },
  });
  return (
    <Dialog title={t(class_id === '' ? 'assign.title' : 'assign.new')} onClose={onClose}>
      <DialogForm form={form} action={t('assign.give')} onClose={onClose}>
        {class_id === '' && <ClassField form={form} />}
        {exercise_id === '' && <ExerciseField form={form} />}
        <RuleFields form={form} zone={zone} />
      </DialogForm>
    </Dialog>
  );
}

function ClassField({ form }: { form: Form<Values> }) {
  const { data } = useClasses();
  if (!data) return <Skeleton lines={1} height={36} />;
  return (
    <Field
      label={t('assign.class')}
      problem={form.problems.class_id}
      hint={data.length === 0 ? t('assign.noClass') : undefined}
    >
      {({ class: _, ...control }) => (
        <ClassSelect
          {...control}
          classes={data}
          none={t('assign.chooseClass')}
          value={form.values.class_id}
          onChange={(id) => form.set('class_id', id)}
        />
      )}
    </Field>
  );
}

function ExerciseField({ form }: { form: Form<Values> }) {
  const { data } = useResource('assign.exercises', (signal) =>
    everyPage((page) =>
      api.exercises.listExercises({ query: { status: 'published', limit: 100, ...page }, signal }),
    ),
  );
  if (!data) return <Skeleton lines={1} height={36} />;
  return (
    <Field
      label={t('assign.exercise')}
      problem={form.problems.exercise_id}
      hint={data.length === 0 ? t('assign.noExercise') : undefined}
    >
      {({ class: _, ...control }) => (
        <Select {...control} value={form.values.exercise_id} onChange={(id) => form.set('exercise_id', id)}>
          <option value="">{t('assign.chooseExercise')}</option>
          {data.map((exercise) => (
            <option key={exercise.exercise_id} value={exercise.exercise_id}>
              {titleOf(exercise)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
