import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Assignment } from '#shared/contracts/assignments.ts';
import type { Exercise } from '#shared/contracts/exercises.ts';
import type { Submission } from '#shared/contracts/submissions.ts';
import { online } from '../../app/online.ts';
import { toast } from '../../app/toasts.ts';
import type { Editor } from '../../editor/create-editor.ts';
import type { Mark } from '../../editor/marks.ts';
import { t } from '../../i18n/index.ts';
import { PageHead } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { AssignmentNotice } from '../assignments-student/assignment-notice.tsx';
import { assignmentTitle } from '../assignments-student/assignment-title.ts';
import { mayHandIn } from '../assignments-student/due.ts';
import { useCodeCheck } from './check-code.ts';
import { useDraft } from './draft.ts';
import { EditorCard } from './editor-card.tsx';
import { isCall } from './examples.tsx';
import { ExerciseFacts } from './exercise-facts.tsx';
import { messageOf } from './explain-error.ts';
import { LiveRun } from './live-run.ts';
import { LiveSubmission } from './live-submission.ts';
import { useOpenSocket } from './open-socket.ts';
import { ProblemPane } from './problem-pane.tsx';
import { ResultPanel } from './result-panel.tsx';
import { RunPanel } from './run-panel.tsx';
import { textsOf } from './words.ts';

interface WorkspaceProps {
  readonly exercise: Exercise;
  readonly assignment?: Assignment;
  readonly back: { readonly href: string; readonly label: string };
  /** Asks anew how far one is, after a verdict. */
  readonly reload: () => void;
}

/** The problem on one side, the program on the other; below the program what it does and what the tests say. */
export function Workspace({ exercise, assignment, back, reload }: WorkspaceProps) {
  const { exercise_id, language, public_tests } = exercise;
  const texts = textsOf(exercise);
  const draft = useDraft(exercise_id, exercise.starter_code);
  const problems = useCodeCheck(language, draft.code);
  const panel = useSignal<'run' | 'result'>('run');
  const [first] = public_tests;
  const asCalls = first !== undefined && isCall(first.input);
  const stdin = useSignal(asCalls ? '' : (first?.input ?? ''));
  const judged = useSignal(0);
  const editor = useRef<Editor>(undefined);
  const result = useRef<HTMLElement>(null);

  const run = useMemo(() => new LiveRun(), []);
  const handed = useMemo(
    () =>
      new LiveSubmission(() => {
        judged.value += 1;
        reload();
      }),
    [],
  );
  useEffect(
    () => () => {
      run.dispose();
      handed.dispose();
    },
    [],
  );
  useOpenSocket();

  const bringIntoView = () =>
    requestAnimationFrame(() => result.current?.scrollIntoView({ block: 'nearest' }));
  const start = () => {
    panel.value = 'run';
    if (draft.code.trim() === '') return toast('bad', t('submit.blank'));
    void run.start({ language, code: draft.code, stdin: stdin.value });
    bringIntoView();
  };
  const handIn = () => {
    if (draft.code.trim() === '') return toast('bad', t('submit.blank'));
    if (!online.value) return toast('bad', t('submit.offline'));
    panel.value = 'result';
    void handed.hand({ exercise_id, assignment_id: assignment?.assignment_id, code: draft.code });
    bringIntoView();
  };
  const show = (line: number, column: number | null) => editor.current?.goTo(line, column);

  return (
    <>
      <PageHead
        title={assignment ? assignmentTitle(assignment) : texts.title}
        back={back}
        lead={<ExerciseFacts exercise={exercise} />}
      />
      {assignment && <AssignmentNotice assignment={assignment} />}
      <div class="workspace">
        <ProblemPane exercise={exercise} texts={texts} assignment={assignment} judged={judged.value} />
        <div class="workbench">
          <EditorCard
            exercise={exercise}
            draft={draft}
            problems={problems}
            fault={faultMark(run, handed, panel.value, draft.code)}
            isSolved={isSolved(handed.submission.value, draft.code)}
            running={run.busy.value}
            handing={handed.busy}
            again={(exercise.progress?.attempts ?? 0) > 0}
            mayHandIn={mayHandIn(assignment)}
            onReady={(ready) => {
              editor.current = ready;
            }}
            onRun={start}
            onStop={() => void run.stop()}
            onHandIn={handIn}
          />
          <section class="card output-card" ref={result} aria-label={t('workspace.view')}>
            <div class="card-head">
              <Segments
                label={t('workspace.view')}
                value={panel.value}
                onChange={(next) => {
                  panel.value = next;
                }}
                options={[
                  { value: 'run', label: t('workspace.run') },
                  { value: 'result', label: t('workspace.result') },
                ]}
              />
            </div>
            {panel.value === 'run' ? (
              <RunPanel
                run={run}
                exercise={exercise}
                asCalls={asCalls}
                stdin={stdin}
                retry={start}
                onShow={show}
              />
            ) : (
              <ResultPanel handed={handed} exercise={exercise} retry={handIn} onShow={show} />
            )}
          </section>
        </div>
      </div>
    </>
  );
}

/** Where the last run or the first failed test stopped, to be marked in the editor until the program changes. */
function faultMark(
  run: LiveRun,
  handed: LiveSubmission,
  panel: 'run' | 'result',
  code: string,
): Mark | undefined {
  const submission = handed.submission.value;
  const error = panel === 'run' ? run.execution.value?.error : firstError(submission);
  const stopped = panel === 'run' ? run.code.value : submission?.submission_code;
  if (!error || error.line === null || stopped !== code) return undefined;
  return {
    kind: 'error',
    line: error.line,
    column: error.column,
    text: `${error.type}: ${messageOf(error)}`,
  };
}

/** This very program has passed: the next step is the next exercise. */
const isSolved = (submission: Submission | undefined, code: string): boolean =>
  submission?.status === 'graded' &&
  submission.automated_tests_passed === submission.total_tests &&
  submission.submission_code === code;

const firstError = (submission: Submission | undefined) =>
  submission?.test_results?.find((result) => result.error !== null)?.error;
