import { useSignal } from '@preact/signals';
import type { Assignment } from '#shared/contracts/assignments.ts';
import type { Exercise } from '#shared/contracts/exercises.ts';
import { api } from '../../app/api.ts';
import { user } from '../../app/session.ts';
import { useList } from '../../data/list.ts';
import { t } from '../../i18n/index.ts';
import { Segments } from '../../ui/segments.tsx';
import { AttemptList } from './attempt-list.tsx';
import { Examples } from './examples.tsx';
import { Hints } from './hints.tsx';
import { Markdown } from './markdown.tsx';
import type { textsOf } from './words.ts';

interface ProblemPaneProps {
  readonly exercise: Exercise;
  readonly texts: ReturnType<typeof textsOf>;
  readonly assignment: Assignment | undefined;
  /** How many verdicts came while the page was open: each makes the list of attempts longer. */
  readonly judged: number;
}

/** What is asked, with examples and hints; or what one has handed in so far. */
export function ProblemPane({ exercise, texts, assignment, judged }: ProblemPaneProps) {
  const view = useSignal<'problem' | 'attempts'>('problem');
  const attempts = Math.max(exercise.progress?.attempts ?? 0, assignment?.mine?.attempts ?? 0);
  return (
    <section class="card problem-pane" aria-label={t('exercise.view')}>
      <div class="card-head">
        <Segments
          label={t('exercise.view')}
          value={view.value}
          onChange={(next) => {
            view.value = next;
          }}
          options={[
            { value: 'problem', label: t('exercise.problem') },
            {
              value: 'attempts',
              label: attempts === 0 ? t('exercise.attempts') : t('exercise.attemptsN', { n: attempts }),
            },
          ]}
        />
      </div>
      {view.value === 'problem' ? (
        <div class="card-body stack-l">
          <Markdown text={texts.problem} />
          <Examples tests={exercise.public_tests} all={exercise.test_count} problem={texts.problem} />
          <Hints exercise_id={exercise.exercise_id} hints={texts.hints} />
        </div>
      ) : (
        <Attempts exercise={exercise} assignment={assignment} judged={judged} />
      )}
    </section>
  );
}

function Attempts({ exercise, assignment, judged }: Omit<ProblemPaneProps, 'texts'>) {
  const { exercise_id } = exercise;
  const assignment_id = assignment?.assignment_id;
  const student_id = user.value?.user_id ?? '';
  const list = useList(`attempts.${exercise_id}.${assignment_id ?? ''}.${judged}`, (page, signal) =>
    api.submissions.listSubmissions({
      query: { exercise_id, student_id, ...(assignment_id !== undefined && { assignment_id }), ...page },
      signal,
    }),
  );
  return <AttemptList list={list} />;
}
