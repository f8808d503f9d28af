import type { Assignment } from '#shared/contracts/assignments.ts';
import { api } from '../../app/api.ts';
import { user } from '../../app/session.ts';
import { useResource } from '../../data/resource.ts';
import { t } from '../../i18n/index.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/feedback.tsx';
import { Progress } from '../../ui/words.tsx';
import { assignmentTitle } from '../assignments-student/assignment-title.ts';
import { dueText } from '../assignments-student/due.ts';
import { useTitle } from '../exercises/all-exercises.ts';
import type { SubmissionSummary } from '../exercises/attempt-list.tsx';
import { gradeText } from '../exercises/words.ts';
import type { Task } from '../tests/task.ts';
import { aboutTask } from '../tests/task-links.tsx';
import { CartPole } from '../trainings/episodes/cart-pole.tsx';
import { nameOf, type Session, share } from '../trainings/status.ts';
import { ProgramPicture } from './program-picture.tsx';
import { QuizPicture } from './quiz-picture.tsx';

interface NextTaskProps {
  /** A quiz or a test that comes before everything else. */
  readonly task: Task | undefined;
  /** The nearest assignment that is still to do. */
  readonly due: Assignment | undefined;
  readonly training: Session | undefined;
  /** Assignments and trainings have been read. */
  readonly isKnown: boolean;
}

/** The one thing to do next: what is due, what runs, where one was, or a beginning. */
export function NextTask({ task, due, training, isKnown }: NextTaskProps) {
  const student_id = user.value?.user_id ?? '';
  const last = useResource(`home.submission.${student_id}`, async (signal) => {
    const { items } = await api.submissions.listSubmissions({ query: { student_id, limit: 1 }, signal });
    return { submission: items[0] };
  });
  const isReady = isKnown && (last.data !== undefined || last.error !== undefined);
  if (!isReady) return <Skeleton lines={1} height={180} />;
  if (task) return <TaskCard task={task} />;
  if (due) return <Due assignment={due} />;
  if (training) return <Practising training={training} />;
  return <Exercise last={last.data?.submission} />;
}

const TaskCard = ({ task }: { task: Task }) => (
  <section class="card task-card">
    <div class="stack">
      <p class="eyebrow">{t(task.running ? 'home.testNow' : 'home.testNext')}</p>
      <h2>{task.title}</h2>
      <p>{task.running ? t('home.testNowText') : aboutTask(task).join(' · ')}</p>
      <div class="row">
        <LinkButton href={task.href} kind="primary" size="large" icon="play">
          {t(task.running ? 'home.testGoOn' : 'home.testOpen')}
        </LinkButton>
      </div>
    </div>
    <QuizPicture />
  </section>
);

const Due = ({ assignment }: { assignment: Assignment }) => (
  <section class="card task-card">
    <div class="stack">
      <p class="eyebrow">{t('home.due')}</p>
      <h2>{assignmentTitle(assignment)}</h2>
      <p>{t('home.dueText', { class: assignment.class_name, when: dueText(assignment) })}</p>
      <div class="row">
        <LinkButton href={`/assignments/${assignment.assignment_id}`} kind="primary" size="large" icon="code">
          {t('home.open')}
        </LinkButton>
      </div>
    </div>
    <ProgramPicture />
  </section>
);

const Practising = ({ training }: { training: Session }) => (
  <section class="card task-card">
    <div class="stack">
      <h2>{t('home.running')}</h2>
      <p>{t('home.runningText')}</p>
      <Progress value={share(training)} label={t('training.progressOf', { name: nameOf(training) })} />
      <div class="row">
        <LinkButton href={`/trainings/${training.session_id}`} kind="primary" size="large" icon="training">
          {t('home.watch')}
        </LinkButton>
      </div>
    </div>
    <CartPole state={[0.3, 0, 0.06]} action={1} />
  </section>
);

function Exercise({ last }: { last: SubmissionSummary | undefined }) {
  const title = useTitle(last?.exercise_id ?? '', last?.exercise_title ?? '');
  const words = wordsFor(last, title);
  return (
    <section class="card task-card">
      <div class="stack">
        <h2>{words.title}</h2>
        <p>{words.text}</p>
        <div class="row">
          <LinkButton href={words.href} kind="primary" size="large" icon="code">
            {words.action}
          </LinkButton>
          {words.href !== '/exercises' && (
            <LinkButton href="/exercises" kind="quiet" size="large">
              {t('home.moreExercises')}
            </LinkButton>
          )}
        </div>
      </div>
      <ProgramPicture />
    </section>
  );
}

function wordsFor(last: SubmissionSummary | undefined, title: string) {
  const choose = { href: '/exercises', action: t('home.beginAction') };
  if (!last) return { ...choose, title: t('home.begin'), text: t('home.beginText') };
  if (last.status === 'graded' && last.automated_tests_passed === last.total_tests)
    return { ...choose, title: t('home.caughtUp'), text: t('home.caughtUpText') };
  const state =
    last.grade === null ? t(`attempt.${last.status}`) : t('verdict.grade', { grade: gradeText(last.grade) });
  return {
    href:
      last.assignment_id === null ? `/exercises/${last.exercise_id}` : `/assignments/${last.assignment_id}`,
    title: t('home.continue'),
    text: t('home.continueText', { title, state }),
    action: t('home.goOn'),
  };
}
