import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { Exercise } from '#shared/contracts/exercises.ts';
import { sourceLimits } from '#shared/domain/grading/limits.ts';
import { toast } from '../../app/toasts.ts';
import { CodeEditor } from '../../editor/code-editor.tsx';
import type { Editor } from '../../editor/create-editor.ts';
import type { Mark } from '../../editor/marks.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Note } from '../../ui/feedback.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { CodeProblem } from './check-code.ts';
import { CodeProblems } from './code-problems.tsx';
import type { useDraft } from './draft.ts';
import { fileNames } from './words.ts';

interface EditorCardProps {
  readonly exercise: Exercise;
  readonly draft: ReturnType<typeof useDraft>;
  readonly problems: readonly CodeProblem[];
  readonly fault: Mark | undefined;
  readonly running: boolean;
  readonly handing: boolean;
  readonly again: boolean;
  readonly mayHandIn: boolean;
  /** This very program has passed all tests. */
  readonly isSolved: boolean;
  readonly onReady: (editor: Editor | undefined) => void;
  readonly onRun: () => void;
  readonly onStop: () => void;
  readonly onHandIn: () => void;
}

/** The program with what is wrong in it, and the two things one can do with it. */
export function EditorCard(props: EditorCardProps) {
  const { exercise, draft, problems, fault } = props;
  const marks = useMemo(
    () => (fault ? [...problems, fault] : problems),
    [problems, fault?.line, fault?.text],
  );
  return (
    <section class="card editor-card" aria-label={t('editor.code')}>
      <div class="card-head">
        <h2 class="file-name">
          <Icon name="code" size={16} />
          {fileNames[exercise.language]}
        </h2>
        <div class="row">
          {draft.isKept && <span class="small muted kept">{t('editor.saved')}</span>}
          <StartOver exercise={exercise} draft={draft} />
        </div>
      </div>
      <CodeEditor
        label={t('editor.codeOf', { language: t(`language.${exercise.language}`) })}
        language={exercise.language}
        code={draft.code}
        onChange={draft.set}
        onRun={props.onRun}
        marks={marks}
        onReady={props.onReady}
      />
      <CodeProblems problems={problems} language={exercise.language} />
      {draft.code.length > sourceLimits.characters && (
        <div class="card-body">
          <Note kind="warn" icon="alert">
            {t('editor.tooLong')}
          </Note>
        </div>
      )}
      <Actions {...props} />
    </section>
  );
}

const Actions = ({
  running,
  handing,
  again,
  mayHandIn,
  isSolved,
  onRun,
  onStop,
  onHandIn,
}: EditorCardProps) => (
  <div class="editor-actions">
    <span class="small muted keys-hint">{t('editor.keys')}</span>
    <span class="grow" />
    {running ? (
      <Button icon="stop" size="large" onClick={onStop}>
        {t('run.stop')}
      </Button>
    ) : (
      <Button icon="play" size="large" onClick={onRun}>
        {t('run.start')}
        <span class="kbd" aria-hidden="true">
          {t('run.keys')}
        </span>
      </Button>
    )}
    <Button
      kind={isSolved ? 'plain' : 'primary'}
      size="large"
      busy={handing}
      disabled={!mayHandIn}
      onClick={onHandIn}
    >
      {again ? t('submit.again') : t('submit.action')}
    </Button>
  </div>
);

function StartOver({ exercise, draft }: Pick<EditorCardProps, 'exercise' | 'draft'>) {
  const asking = useSignal(false);
  if (draft.code === exercise.starter_code) return null;
  return (
    <>
      <Button
        size="small"
        kind="quiet"
        icon="restart"
        onClick={() => {
          asking.value = true;
        }}
      >
        {t('editor.reset')}
      </Button>
      {asking.value && (
        <Confirm
          title={t('editor.resetTitle')}
          text={t('editor.resetText')}
          action={t('editor.reset')}
          onClose={() => {
            asking.value = false;
          }}
          act={async () => {
            draft.set(exercise.starter_code);
            toast('good', t('editor.resetDone'));
          }}
        />
      )}
    </>
  );
}
