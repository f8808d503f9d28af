import { now } from '../../app/clock.ts';
import { counted, isKey, plain, t, timeLimit } from '../../i18n/index.ts';
import { Icon } from '../../ui/icon.tsx';
import { whenText } from '../assignments-student/due.ts';
import { dueMoment, useSchoolZone } from '../teaching/school-time.ts';
import type { Task } from './task.ts';

/** Quizzes and tests as a short list: what, how long, until when. */
export const TaskLinks = ({ tasks }: { tasks: readonly Task[] }) => (
  <ul class="list-links">
    {tasks.map((task) => (
      <li key={`${task.kind}.${task.id}`}>
        <a class="list-link" href={task.href}>
          <div class="grow">
            <span class="title">{task.title}</span>
            <span class="under">{aboutTask(task).join(' · ')}</span>
          </div>
          <TaskBadge task={task} />
          <Icon name="chevron" />
        </a>
      </li>
    ))}
  </ul>
);

/** What it is, how much, how long. */
export function aboutTask({ kind, about, questions, time_limit_s, done }: Task): string[] {
  const type = `testType.${about}`;
  return [
    kind === 'test' && isKey(type) ? plain(type) : about,
    counted(kind === 'test' ? 'task.atMost' : 'task.questions', questions),
    ...(time_limit_s === null ? [] : [timeLimit(time_limit_s)]),
    ...(done ? [t('task.again')] : []),
  ];
}

const soon_ms = 2 * 86_400_000;

function TaskBadge({ task: { running, due_at } }: { task: Task }) {
  const zone = useSchoolZone();
  if (running) return <span class="badge accent">{t('task.running')}</span>;
  if (due_at === null) return null;
  const left_ms = Date.parse(due_at) - now.value;
  const look = left_ms <= 0 ? 'bad' : left_ms < soon_ms ? 'warn' : '';
  return (
    <span class={`badge ${look}`} title={dueMoment(due_at, zone)}>
      {t(left_ms <= 0 ? 'due.was' : 'due.in', { when: whenText(due_at) })}
    </span>
  );
}
