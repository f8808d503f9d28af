import { useSignal } from '@preact/signals';
import type { Exercise } from '#shared/contracts/exercises.ts';
import { api } from '../../app/api.ts';
import { navigate } from '../../app/location.ts';
import { toast } from '../../app/toasts.ts';
import { useAct } from '../../data/act.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm, Dialog } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/feedback.tsx';
import { textsOf } from '../exercises/words.ts';
import { fileOf, saveFile } from './save-file.ts';

interface ExerciseActionsProps {
  readonly exercise: Exercise;
  readonly isOwn: boolean;
  readonly onChanged: (exercise: Exercise) => void;
  readonly onClose: () => void;
}

/** What is done with an exercise seldom: take it elsewhere, put it away, delete it. */
export function ExerciseActions(props: ExerciseActionsProps) {
  const asking = useSignal<'archive' | 'delete' | undefined>(undefined);
  const { exercise, isOwn, onClose } = props;
  const ask = (what: 'archive' | 'delete') => () => {
    asking.value = what;
  };
  if (asking.value === 'archive') return <Archive {...props} />;
  if (asking.value === 'delete') return <Delete {...props} />;
  return (
    <Dialog title={t('written.more')} onClose={onClose}>
      <Exports exercise_id={exercise.exercise_id} />
      {isOwn && (
        <div class="action-list">
          {exercise.status === 'archived' ? (
            <Restore {...props} />
          ) : (
            <div class="spread">
              <p class="grow">
                {t('written.archive')}
                <small>{t('written.archiveText')}</small>
              </p>
              <Button onClick={ask('archive')}>{t('written.archive')}</Button>
            </div>
          )}
          <div class="spread">
            <p class="grow">
              {t('action.delete')}
              <small>{t('written.deleteText')}</small>
            </p>
            <Button kind="danger" icon="trash" onClick={ask('delete')}>
              {t('action.delete')}
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

function Exports({ exercise_id }: { exercise_id: string }) {
  const { busy, failure, run } = useAct();
  const save = (format: 'zip' | 'json') => async () => {
    const { file_name, media_type, base64 } = await api.exercises.exportExercise({
      params: { exercise_id },
      query: { format },
    });
    saveFile(file_name, fileOf(base64, media_type));
  };
  return (
    <div class="stack">
      <p class="muted">{t('written.exportText')}</p>
      <div class="row">
        <Button icon="download" busy={busy === 'zip'} onClick={() => void run('zip', save('zip'))}>
          {t('written.exportZip')}
        </Button>
        <Button icon="download" busy={busy === 'json'} onClick={() => void run('json', save('json'))}>
          {t('written.exportJson')}
        </Button>
      </div>
      <Failure error={failure} />
    </div>
  );
}

const Archive = ({ exercise, onChanged, onClose }: ExerciseActionsProps) => (
  <Confirm
    title={t('written.archiveTitle', { title: textsOf(exercise).title })}
    text={t('written.archiveText')}
    action={t('written.archive')}
    kind="primary"
    onClose={onClose}
    act={async () => {
      const { exercise_id } = exercise;
      onChanged(
        await api.exercises.updateExercise({ params: { exercise_id }, body: { status: 'archived' } }),
      );
      toast('good', t('written.archived'));
    }}
  />
);

function Restore({ exercise, onChanged, onClose }: ExerciseActionsProps) {
  const { busy, failure, run } = useAct();
  const restore = async () => {
    const { exercise_id, published_version, version } = exercise;
    // what students had is published as it was; what nobody had goes on as a draft
    const next =
      published_version === version
        ? await api.exercises.publishExercise({ params: { exercise_id } })
        : await api.exercises.updateExercise({ params: { exercise_id }, body: { status: 'draft' } });
    onChanged(next);
    onClose();
  };
  return (
    <div class="stack">
      <div class="spread">
        <p class="grow">
          {t('written.restore')}
          <small>{t('written.restoreText')}</small>
        </p>
        <Button busy={busy !== undefined} onClick={() => void run('restore', restore)}>
          {t('written.restore')}
        </Button>
      </div>
      <Failure error={failure} />
    </div>
  );
}

const Delete = ({ exercise, onClose }: ExerciseActionsProps) => (
  <Confirm
    title={t('written.deleteTitle', { title: textsOf(exercise).title })}
    text={t('written.deleteText')}
    action={t('action.delete')}
    onClose={onClose}
    act={async () => {
      await api.exercises.deleteExercise({ params: { exercise_id: exercise.exercise_id } });
      toast('good', t('written.deleted'));
      navigate('/exercises', { replace: true });
    }}
  />
);
