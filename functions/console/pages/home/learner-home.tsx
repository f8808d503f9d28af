import type { Assignment } from '#shared/contracts/assignments.ts';
import { api } from '../../app/api.ts';
import { useList } from '../../data/list.ts';
import { counted, t } from '../../i18n/index.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/feedback.tsx';
import { ListCard } from '../../ui/list.tsx';
import { AssignmentLinks } from '../assignments-student/assignment-links.tsx';
import { useMyAssignments } from '../assignments-student/assignments.ts';
import { dueAt, stillToDo } from '../assignments-student/due.ts';
import { type Task, useMyTasks } from '../tests/task.ts';
import { TaskLinks } from '../tests/task-links.tsx';
import { activeFirst } from '../trainings/status.ts';
import { single } from '../trainings/sweeps/sweep-runs.tsx';
import { TrainingLinks } from '../trainings/training-links.tsx';
import { JoinClass } from './join-class.tsx';
import { NextTask } from './next-task.tsx';

/** One thing to do first; below it what else is due, what was trained, and one's classes. */
export function LearnerHome() {
  const assignments = useMyAssignments();
  const trainings = useList('home.trainings', (page, signal) =>
    api.training.list({ query: { ...single, limit: 5, ...page }, signal }),
  );
  const tasks = useMyTasks();
  const [due, ...others] = stillToDo(assignments.data ?? []);
  const [training] = activeFirst(trainings.items ?? []);
  const task = firstTask(tasks.data ?? [], due);
  const otherTasks = (tasks.data ?? []).filter((one) => one !== task);
  const isKnown =
    (assignments.data !== undefined || assignments.error !== undefined) &&
    (tasks.data !== undefined || tasks.error !== undefined) &&
    (trainings.items !== undefined || trainings.error !== undefined);
  return (
    <div class="stack-l">
      <NextTask task={task} due={due} training={training} isKnown={isKnown} />
      <div class="columns">
        <div class="stack-l">
          {otherTasks.length > 0 && (
            <section>
              <div class="section-head">
                <h2>{t('home.tests')}</h2>
                <a href="/tests">{t('home.allTests')}</a>
              </div>
              <div class="card">
                <TaskLinks tasks={otherTasks.slice(0, 5)} />
              </div>
            </section>
          )}
          {others.length > 0 && (
            <section>
              <div class="section-head">
                <h2>{t('due.title')}</h2>
                <a href="/exercises">{t('exercise.all')}</a>
              </div>
              <div class="card">
                <AssignmentLinks assignments={others.slice(0, 5)} />
              </div>
            </section>
          )}
          <section>
            <div class="section-head">
              <h2>{t('home.recent')}</h2>
              <div class="row">
                <a href="/trainings">{t('home.allTrainings')}</a>
                <LinkButton href="/trainings/new" size="small" icon="play">
                  {t('training.start')}
                </LinkButton>
              </div>
            </div>
            <ListCard
              list={{ ...trainings, hasMore: false }}
              empty={<Empty icon="training" title={t('home.teach')} text={t('home.teachText')} />}
            >
              {(items) => <TrainingLinks trainings={items} />}
            </ListCard>
          </section>
        </div>
        <MyClasses />
      </div>
    </div>
  );
}

/** What is under way goes first, as its clock may run; else what is new and due no later than the assignments. */
function firstTask(tasks: readonly Task[], due: Assignment | undefined): Task | undefined {
  const [first] = tasks;
  if (!first || first.running) return first;
  const isSooner = due === undefined || (first.due_at ?? '9999') <= (dueAt(due) ?? '9999');
  return !first.done && isSooner ? first : undefined;
}

function MyClasses() {
  const classes = useList('home.classes', (page, signal) => api.school.listClasses({ query: page, signal }));
  return (
    <section>
      <div class="section-head">
        <h2>{t('home.myClasses')}</h2>
      </div>
      <ListCard
        list={classes}
        empty={<Empty icon="classes" title={t('home.noClass')} text={t('home.noClassText')} />}
      >
        {(items) => (
          <ul class="list-links">
            {items.map(({ class_id, name, subject, student_count }) => (
              <li key={class_id}>
                <div class="list-link">
                  <div>
                    <span class="title">{name}</span>
                    <span class="under">
                      {[subject, counted('students', student_count)].filter(Boolean).join(' · ')}
                    </span>
                  </div>
                </div>
              </li>
            ))}
          </ul>
        )}
      </ListCard>
      <JoinClass onJoined={classes.reload} />
    </section>
  );
}
